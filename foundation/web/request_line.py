"""Refuses paths and queries that are not well-formed text, before anything reads meaning into them."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from foundation.errors import InputError

# Characters. Three names of 63 characters, all encoded, and the words around them take a third of it.
LONGEST_PATH = 2048
# A query of 500 entity references of 100 characters each, encoded, fits; nothing else comes near.
LONGEST_QUERY = 60_000


class RequestLine:
    """Lets only UTF-8 without control characters pass in path and query."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        check("path", scope.get("raw_path") or scope["path"].encode(), LONGEST_PATH)
        check("query", scope["query_string"], LONGEST_QUERY)
        await self.app(scope, receive, send)


def check(part: str, raw: bytes, longest: int) -> None:
    """Raise InputError unless `raw` is ASCII that stands for printable UTF-8, of at most `longest` characters."""
    if len(raw) > longest:
        raise InputError(f"The {part} is too long.", remedy=f"Keep it under {longest} characters.")
    try:
        raw.decode("ascii")
        text = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(f"The {part} is not UTF-8.", remedy="Percent-encode it as UTF-8.") from None
    if any(character < " " or character == "\x7f" for character in text):
        raise InputError(f"The {part} holds a control character.", remedy="Leave it out.")
