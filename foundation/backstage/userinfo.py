"""What a person owns, asked of Backstage's auth plugin: the groups they are in, and themselves."""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TypeAlias

import requests

from foundation.backstage.caller import Caller
from foundation.errors import AuthenticationError, ServiceUnavailableError

# Seconds. A person's groups change on the scale of days, and a page asks several times.
FRESH_SECONDS = 60.0
# People who use a portal within a minute.
MOST_PEOPLE = 1000
TIMEOUT = (2.0, 5.0)
# Bytes. Thousands of groups fit.
LARGEST_ANSWER = 1024 * 1024

Ask: TypeAlias = Callable[[str, str], bytes]


def ask_backstage(address: str, token: str) -> bytes:
    """The answer at `address` to the bearer of `token`. Follows no redirect, for that could carry the token away."""
    headers = {"Authorization": f"Bearer {token}"}
    with requests.get(address, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True) as response:
        if response.status_code in (401, 403, 404):
            raise AuthenticationError("Backstage does not know this user.", remedy="Sign in again.")
        if response.status_code != requests.codes.ok:
            raise requests.HTTPError(f"status {response.status_code}")
        body = response.raw.read(LARGEST_ANSWER + 1, decode_content=True)
        if len(body) > LARGEST_ANSWER:
            raise requests.HTTPError(f"more than {LARGEST_ANSWER} bytes")
        return bytes(body)


@dataclass(frozen=True)
class _Known:
    references: tuple[str, ...]
    until: float


class UserInfo:
    """Looks up ownership; safe to use from several threads. `ask` blocks; `clock` counts seconds."""

    def __init__(
        self, backstage_url: str, ask: Ask = ask_backstage, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._address = f"{backstage_url.rstrip('/')}/api/auth/v1/userinfo"
        self._ask = ask
        self._clock = clock
        self._known: OrderedDict[str, _Known] = OrderedDict()
        self._lock = Lock()

    def ownership(self, caller: Caller) -> tuple[str, ...]:
        """The references of user and groups that the person behind `caller` owns things as; empty for no person.

        Raises AuthenticationError where Backstage does not know the person, ServiceUnavailableError where it does
        not answer.
        """
        if caller.user_ref is None or caller.user_token is None:
            return ()
        with self._lock:
            known = self._known.get(caller.user_ref)
        if known is None or known.until <= self._clock():
            known = _Known(self._look_up(caller.user_token.reveal()), self._clock() + FRESH_SECONDS)
            with self._lock:
                self._known[caller.user_ref] = known
                self._known.move_to_end(caller.user_ref)
                if len(self._known) > MOST_PEOPLE:
                    self._known.popitem(last=False)
        return known.references

    def _look_up(self, token: str) -> tuple[str, ...]:
        try:
            return parse_ownership(self._ask(self._address, token))
        except (requests.RequestException, OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ServiceUnavailableError(
                f"Backstage at {self._address} does not say what the user owns.", remedy="Try again in a moment."
            ) from error


def parse_ownership(raw: bytes) -> tuple[str, ...]:
    """The references in an answer of the auth plugin; raises ValueError, KeyError or TypeError where it is none."""
    references = json.loads(raw)["claims"]["ent"]
    if not isinstance(references, list):
        raise TypeError("not a list of references")
    return tuple(str(reference).lower() for reference in references)
