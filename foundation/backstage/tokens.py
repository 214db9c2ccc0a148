"""Checks the tokens that reach a plugin, as `@backstage/backend-defaults` (auth) and `@backstage/plugin-auth-node` do.

Of the plugin tokens, only those of trusted plugins are looked at: a token's `sub` picks the address of the keys
before its signature is checked, and so must not be free text.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt

from foundation.backstage.caller import Caller
from foundation.backstage.entities import EntityRef
from foundation.backstage.keys import KeySets
from foundation.errors import AuthenticationError, InputError
from foundation.settings import BackstageSettings, Secret

PLUGIN: Final = "vnd.backstage.plugin"
USER: Final = "vnd.backstage.user"
LIMITED_USER: Final = "vnd.backstage.limited-user"
ALGORITHM: Final = "ES256"
# Seconds by which two machines' clocks may differ.
LEEWAY = 10.0
# Characters. A user token carries every group of its user; browsers and proxies end at 8 to 16 thousand.
LONGEST_TOKEN = 16 * 1024
LONGEST_KEY_ID = 200


class TokenVerifier:
    """Establishes who sent a token. `clock` gives seconds since the epoch."""

    def __init__(self, settings: BackstageSettings, keys: KeySets, clock: Callable[[], float] = time.time) -> None:
        self._base = f"{settings.url.rstrip('/')}/api"
        self._trusted = frozenset(settings.trusted_plugins)
        self._keys = keys
        self._clock = clock
        self._static = [(_digest(each.token.reveal()), each.subject) for each in settings.static_tokens]

    async def verify(self, token: str, *, audience: str) -> Caller:
        """The bearer of `token`, which must be meant for the plugin `audience`.

        Raises AuthenticationError for any token that is not good, ServiceUnavailableError where Backstage's keys
        cannot be read.
        """
        if len(token) > LONGEST_TOKEN:
            raise _refused("is too long")
        static = self._static_subject(token)
        if static is not None:
            return Caller(static, "service")
        header = _header(token)
        kind = header.get("typ")
        if kind == PLUGIN:
            return await self._plugin(token, header, audience)
        if kind in (USER, LIMITED_USER):
            return await self._user(token, header)
        raise _refused("is of no kind that is known here")

    def _static_subject(self, token: str) -> str | None:
        """Whose static token it is. Every one is compared, in constant time, so that time tells nothing."""
        given = _digest(token)
        matching = [subject for expected, subject in self._static if hmac.compare_digest(expected, given)]
        return matching[0] if matching else None

    async def _plugin(self, token: str, header: Mapping[str, Any], audience: str) -> Caller:
        plugin_id = _unverified(token).get("sub")
        if not isinstance(plugin_id, str) or plugin_id not in self._trusted:
            raise _refused("is from a plugin that is not trusted here")
        claims = await self._claims(token, header, f"{self._base}/{plugin_id}/.backstage/auth/v1/jwks.json")
        if claims.get("aud") != audience or claims.get("sub") != plugin_id:
            raise _refused(f"is not for the plugin {audience}")
        on_behalf_of = claims.get("obo")
        if on_behalf_of is None:
            return Caller(f"plugin:{plugin_id}", "service", expires_at=claims["exp"])
        if not isinstance(on_behalf_of, str):
            raise _refused("carries a user token that is none")
        person_header = _header(on_behalf_of)
        if person_header.get("typ") != LIMITED_USER:
            raise _refused("carries a user token of the wrong kind")
        person = await self._user(on_behalf_of, person_header)
        expires = min(claims["exp"], person.expires_at or claims["exp"])
        return Caller(f"plugin:{plugin_id}", "service", person.user_ref, person.user_token, expires)

    async def _user(self, token: str, header: Mapping[str, Any]) -> Caller:
        claims = await self._claims(token, header, f"{self._base}/auth/.well-known/jwks.json")
        try:
            user = str(EntityRef.parse(str(claims.get("sub"))))
        except InputError:
            raise _refused("names no user") from None
        return Caller(user, "user", user, Secret(token), claims["exp"], limited=header["typ"] == LIMITED_USER)

    async def _claims(self, token: str, header: Mapping[str, Any], address: str) -> Mapping[str, Any]:
        """The claims of a token that is signed with a key of `address` and valid now."""
        key_id = header.get("kid")
        if header.get("alg") != ALGORITHM or not isinstance(key_id, str) or len(key_id) > LONGEST_KEY_ID:
            raise _refused(f"is not signed with {ALGORITHM} and a named key")
        key = await self._keys.key(address, key_id)
        try:
            # Times are checked below, against the clock that was given; audiences by the caller.
            claims: dict[str, Any] = jwt.decode(token, key, algorithms=[ALGORITHM], options=_SIGNATURE_ALONE)
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise _refused("has a wrong signature") from None
        self._check_times(claims)
        return claims

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._clock()
        for name in ("iat", "exp", *(["nbf"] if "nbf" in claims else [])):
            if not isinstance(claims.get(name), (int, float)) or isinstance(claims[name], bool):
                raise _refused(f"has no {name} claim that is a time")
        if not now - LEEWAY < claims["exp"] < float("inf"):
            raise AuthenticationError("The token is expired.", remedy="Sign in again.")
        if claims["iat"] > now + LEEWAY or claims.get("nbf", now) > now + LEEWAY:
            raise _refused("is not valid yet; do the clocks of both machines agree")


_SIGNATURE_ALONE: Final[Any] = {
    "verify_signature": True,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}


def _refused(why: str) -> AuthenticationError:
    """An error that says what is wrong with a token and nothing of what is in it."""
    return AuthenticationError(f"The token {why}.", remedy="Send a token that Backstage issued for this plugin.")


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()


def _header(token: str) -> Mapping[str, Any]:
    """The token's header, which proves nothing yet."""
    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise _refused("is not a JSON Web Token") from None


def _unverified(token: str) -> Mapping[str, Any]:
    """The token's claims, which prove nothing yet."""
    try:
        claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise _refused("is not a JSON Web Token") from None
    return claims
