"""Breaking a client's connection, which no HTTP answer can do."""

from __future__ import annotations

from typing import Final

from starlette.types import Receive, Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_EXTENSION: Final = "greenroom.connection"


class BreakableProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, which also hands its transport to the application."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {_EXTENSION: {"transport": self.transport}}


def abort_connection(scope: Scope) -> None:
    """Cut the connection: the client sees it reset."""
    transport = scope.get("extensions", {}).get(_EXTENSION, {}).get("transport")
    if transport is not None:
        transport.abort()


async def refuse_connection(scope: Scope, receive: Receive) -> None:
    """Cut the connection without an answer, and return once the server has noticed."""
    abort_connection(scope)
    while (await receive())["type"] != "http.disconnect":
        pass
