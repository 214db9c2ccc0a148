"""One port that speaks both HTTPS (for `kubectl`) and plain HTTP (for whoever sends the token anyway).

A TLS connection begins with a byte that no HTTP request begins with, so the first byte tells which it is.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Final

# RFC 8446, 5.1: the record type of a handshake.
_HANDSHAKE: Final = b"\x16"
# Seconds until a connection that says nothing is closed.
_SILENCE: Final = 30.0
# Seconds that a client gets to answer the end of a TLS connection; few do, and nothing is lost.
_FAREWELL: Final = 0.1
_BACKLOG: Final = 128


def listen(host: str, port: int) -> socket.socket:
    """A listening socket (port 0: any free one). Raises OSError when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns Nagle's delay off (40 ms on every answer) for sockets that name their protocol only.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


async def accept(listener: socket.socket, protocol: Callable[[], asyncio.Protocol], context: ssl.SSLContext) -> None:
    """Hand every connection to a protocol of its own, until cancelled."""
    loop = asyncio.get_running_loop()
    opening: set[asyncio.Task[None]] = set()
    while True:
        connection, _ = await loop.sock_accept(listener)
        task = loop.create_task(_open(connection, protocol, context))
        opening.add(task)
        task.add_done_callback(opening.discard)


async def _open(connection: socket.socket, protocol: Callable[[], asyncio.Protocol], context: ssl.SSLContext) -> None:
    try:
        async with asyncio.timeout(_SILENCE):
            await _readable(connection)
        first = connection.recv(1, socket.MSG_PEEK)
        secure = context if first == _HANDSHAKE else None
        farewell = _FAREWELL if secure else None
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(protocol, connection, ssl=secure, ssl_shutdown_timeout=farewell)
    except (OSError, TimeoutError):
        # A client that hangs up, stays silent or fails the handshake concerns nobody else.
        connection.close()


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(connection, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection)
