"""The public keys that Backstage signs with: fetched when needed, never more often than is safe.

Anyone can send a token with an invented key id, so a fetch for each would make this server a hammer on Backstage.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import jwt
import requests
import structlog

from foundation.errors import AuthenticationError, ServiceUnavailableError

log = structlog.get_logger("backstage")

# Seconds between two looks at one address for an unknown key, whatever tokens come.
REFRESH_SECONDS = 30.0
# Seconds to the second try while no keys were ever got, doubled up to REFRESH_SECONDS: Backstage may still be starting.
FIRST_RETRY_SECONDS = 2.0
# Seconds after which known keys are looked at again, in the background, so that a withdrawn key goes. Backstage
# rotates its keys every hour.
STALE_SECONDS = 3600.0
# Seconds to connect and between bytes, and in all. Callers wait for this, and Backstage answers in milliseconds.
TIMEOUT = (2.0, 3.0)
TOTAL_SECONDS = 5.0
# A set of a rotating key has a handful of keys of 250 bytes each.
LARGEST_SET = 256 * 1024
MOST_KEYS = 100

Fetch: TypeAlias = Callable[[str], bytes]
Keys: TypeAlias = Mapping[str, jwt.PyJWK]


def fetch_keys(address: str) -> bytes:
    """The document at `address`. Follows no redirect and reads no more than LARGEST_SET bytes."""
    began = time.monotonic()
    with requests.get(address, timeout=TIMEOUT, allow_redirects=False, stream=True) as response:
        if response.status_code != requests.codes.ok:
            raise requests.HTTPError(f"status {response.status_code}")
        body = b""
        for part in response.iter_content(16 * 1024):
            body += part
            if len(body) > LARGEST_SET:
                raise requests.HTTPError(f"more than {LARGEST_SET} bytes")
            if time.monotonic() - began > TOTAL_SECONDS:
                raise requests.Timeout(f"more than {TOTAL_SECONDS:.0f} s")
        return body


def parse_keys(raw: bytes) -> Keys:
    """The ES256 keys of a JSON Web Key Set by their ids; raises ValueError where it is none."""
    try:
        entries = json.loads(raw)["keys"]
        if not isinstance(entries, list) or len(entries) > MOST_KEYS:
            raise ValueError(f"not a list of at most {MOST_KEYS} keys")
        return {
            entry["kid"]: jwt.PyJWK(entry, algorithm="ES256")
            for entry in entries
            if entry.get("kty") == "EC" and entry.get("crv") == "P-256" and isinstance(entry.get("kid"), str)
        }
    except (jwt.PyJWTError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a key set: {type(error).__name__}") from error


@dataclass
class _KeySet:
    """The keys of one address."""

    keys: Keys = field(default_factory=dict)
    # On the clock of KeySets; None where it never happened.
    fetched_at: float | None = None
    tried_at: float | None = None
    failures: int = 0
    # Whether a key of the set was asked for, and whether a look was taken since the set was first got.
    used: bool = False
    looked_again: bool = False
    refresh: asyncio.Task[None] | None = None

    def pause(self) -> float:
        """Seconds that must lie between the last try and the next."""
        if self.fetched_at is None and self.failures:
            return min(REFRESH_SECONDS, FIRST_RETRY_SECONDS * 2.0 ** (self.failures - 1))
        return REFRESH_SECONDS

    def may_refresh(self, now: float) -> bool:
        """The first look again is free: a Backstage that was restarted signs with a key that nobody has seen yet."""
        if self.tried_at is None or (self.used and not self.looked_again):
            return True
        return now - self.tried_at >= self.pause()


class KeySets:
    """The keys at every address that tokens lead to. To be used on one event loop.

    `fetch` blocks and runs in a thread; `clock` counts seconds.
    """

    def __init__(self, fetch: Fetch = fetch_keys, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._sets: dict[str, _KeySet] = {}

    async def key(self, address: str, key_id: str) -> jwt.PyJWK:
        """The key `key_id` at `address`, from a set fetched before where it is in there.

        Raises AuthenticationError where there is no such key, ServiceUnavailableError where the keys cannot be read.
        """
        known = self._sets.setdefault(address, _KeySet())
        if key_id in known.keys:
            known.used = True
            if self._clock() - (known.fetched_at or 0.0) > STALE_SECONDS:
                self._begin_refresh(address, known)
            return known.keys[key_id]
        refresh = self._begin_refresh(address, known)
        if refresh is not None:
            # Shielded: the caller who happened to come first may leave, the others still wait for it.
            await asyncio.shield(refresh)
        if key_id in known.keys:
            known.used = True
            return known.keys[key_id]
        if known.failures:
            raise ServiceUnavailableError(
                f"Backstage's keys cannot be read from {address}.",
                remedy="Is Backstage running? Try again in a moment.",
            )
        raise AuthenticationError("The token is signed with an unknown key.", remedy="Sign in again.")

    def _begin_refresh(self, address: str, known: _KeySet) -> asyncio.Task[None] | None:
        """The fetch that is under way, or a new one where one is due; None where it is not."""
        if known.refresh is None and known.may_refresh(self._clock()):
            known.looked_again = known.used
            known.tried_at = self._clock()
            known.refresh = asyncio.create_task(self._refresh(address, known))
        return known.refresh

    async def _refresh(self, address: str, known: _KeySet) -> None:
        try:
            known.keys = parse_keys(await asyncio.to_thread(self._fetch, address))
            known.fetched_at = self._clock()
            known.failures = 0
        except (requests.RequestException, OSError, ValueError) as error:
            # The last good keys stay.
            known.failures += 1
            log.warning("keys not read", address=address, reason=str(error)[:200])
        finally:
            known.refresh = None
