"""The caller of the request that is being handled."""

from __future__ import annotations

from contextvars import ContextVar

from foundation.backstage.caller import Caller
from foundation.errors import AuthenticationError

_caller: ContextVar[Caller] = ContextVar("caller")


def caller() -> Caller:
    """Who makes the current request; in handlers, streams and actions alike.

    Raises AuthenticationError outside of a request, so that nothing runs as nobody.
    """
    try:
        return _caller.get()
    except LookupError:
        raise AuthenticationError("There is no request here, and so no caller.") from None


def set_caller(who: Caller) -> None:
    """Make `who` the caller of the current request and of the threads that serve it."""
    _caller.set(who)
