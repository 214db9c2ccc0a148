"""What a Backstage backend plugin written in Python consists of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from foundation.backstage.actions import RegistryAction
from foundation.backstage.caller import Caller
from foundation.web.events import ServerSentEvent


@dataclass(frozen=True)
class StreamRequest:
    """The call that opened a stream."""

    path: Mapping[str, str]
    query: Mapping[str, list[str]]
    last_event_id: str | None
    caller: Caller


StreamHandler: TypeAlias = Callable[[StreamRequest], AsyncIterator[ServerSentEvent]]


def _nothing() -> None:
    """Start or stop nothing."""


def _ready() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True)
class Plugin:
    """A Backstage backend plugin, served below `/api/<id>`.

    `specification` is an OpenAPI 3.0 document whose paths are relative to `/api/<id>`. `operations` maps each
    operationId to its handler. A handler runs in a worker thread and gets path and query parameters as keyword
    arguments in snake case (`entityRef` → `entity_ref`; a Python word or built-in gets a `_`: `id` → `id_`) and
    the body as `body`, all checked against the document. It returns a JSON-able object, `(object, status)`,
    `(object, status, headers)` or a Flask response, and raises GreenroomError for errors.

    `streams` maps path templates (`/v1/runs/{run_id}/events`) to handlers of server-sent events, which run on the
    event loop and must not block it. Raised before the first event, a GreenroomError becomes a problem response;
    after it, an `event: error` with the problem, and the end. A stream is described in the document too.

    `start` is called once in the worker process, in a thread, before the first request; `stop` after the last.
    `readiness` names each component that is not ready, and why; it must answer within seconds.

    Of the processes of one server, each starts every plugin; one that is there `once` is started in one of them, and
    the others send their requests for it there. It keeps what would be wrong or dear to have twice.
    """

    id: str
    specification: Path
    operations: Mapping[str, Callable[..., object]]
    streams: Mapping[str, StreamHandler] = field(default_factory=dict)
    actions: Sequence[RegistryAction] = ()
    start: Callable[[], None] = _nothing
    stop: Callable[[], None] = _nothing
    readiness: Callable[[], Mapping[str, str]] = _ready
    once: bool = False
