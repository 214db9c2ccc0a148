"""Lets only authenticated callers through to a plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from foundation.errors import AuthenticationError, NotAllowedError
from foundation.web.current import set_caller
from foundation.web.exchange import exchange_of

if TYPE_CHECKING:
    from foundation.backstage.tokens import TokenVerifier


# Backstage takes a limited token only where a plugin asks for it, which plugins do to serve files to signed-in people.
READING = ("GET", "HEAD")


class Authentication:
    """Checks the bearer token of each request to one plugin, and makes its bearer the caller."""

    def __init__(self, app: ASGIApp, verifier: TokenVerifier, plugin_id: str) -> None:
        self.app = app
        self.verifier = verifier
        self.plugin_id = plugin_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = bearer_token(Headers(scope=scope))
        caller = await self.verifier.verify(token, audience=self.plugin_id)
        if caller.limited and scope["method"] not in READING:
            raise NotAllowedError("A limited user token is for reading alone.", remedy="Send the user's full token.")
        set_caller(caller)
        exchange_of(scope).subject = caller.subject
        with structlog.contextvars.bound_contextvars(caller=caller.subject):
            await self.app(scope, receive, send)


def bearer_token(headers: Headers) -> str:
    """The token of the `Authorization` header; raises AuthenticationError where there is none, or two."""
    values = headers.getlist("authorization")
    if not values:
        raise AuthenticationError("There is no token.", remedy="Send `Authorization: Bearer <token>`.")
    scheme, _, token = values[0].strip().partition(" ")
    if len(values) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise AuthenticationError(
            "The Authorization header holds no bearer token.", remedy="Send `Authorization: Bearer <token>`."
        )
    return token.strip()
