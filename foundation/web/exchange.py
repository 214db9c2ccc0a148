"""What is known of one request; each layer adds what it finds out."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.types import Scope

_KEY = "greenroom.exchange"
# The route of a request that another process of this server answers, which knows the real one.
FORWARDED = "(forwarded)"


@dataclass
class Exchange:
    """One request and its answer. `plugin` and `route` stay empty until the request is matched to them."""

    request_id: str
    plugin: str = ""
    route: str = ""
    subject: str = ""
    is_stream: bool = False


def begin(scope: Scope, request_id: str) -> Exchange:
    """Attach a fresh record to the request."""
    exchange = Exchange(request_id)
    scope[_KEY] = exchange
    return exchange


def exchange_of(scope: Scope) -> Exchange:
    """The record of the request."""
    found = scope[_KEY]
    assert isinstance(found, Exchange)  # noqa: S101  # only `begin` writes the key
    return found
