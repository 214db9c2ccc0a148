"""The list/watch loop of one kind: keeps a store as the API server has it, through every kind of trouble.

Ours, because the official client's hung on half-open connections, span on streams that ended at once
and turned expiry into a KeyError. It takes its clock, its waits and its API as arguments, so that it is
tested in virtual time.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Protocol

import structlog

from catalog_provider.cluster.kept import Kept, keep
from catalog_provider.cluster.kinds import Kind
from catalog_provider.cluster.pace import LONGEST_DELAY, LONGEST_REFUSED_DELAY, Pace
from catalog_provider.cluster.protocol import Bookmark, Failure, Removed, Torn, Unknown, Upserted, parse_event
from catalog_provider.cluster.slimming import slim
from catalog_provider.cluster.state import STALE_AFTER, KindState
from catalog_provider.cluster.store import ClusterStore
from foundation.connections.kubernetes import (
    ClusterError,
    ClusterExpiredError,
    ClusterNotFoundError,
    ClusterRefusedError,
    ClusterUnreachableError,
    LineStream,
    Response,
)
from foundation.connections.kubernetes.api import JSON, Query
from foundation.connections.kubernetes.errors import error_of_status
from foundation.json_fields import mapping_at, mappings_at, text_at
from foundation.jsontypes import JsonObject

# Objects a page, as client-go's pager (k8s.io/client-go/tools/pager, defaultPageSize).
PAGE = 500
# Seconds after which the server ends a watch, from this up to twice as much, so that many do not end at once;
# client-go takes five to ten minutes.
WATCH_SECONDS = 300
# Seconds without a byte after which a connection is taken for half-open: a bookmark comes each minute, and
# a new watch must stand before the old one counts as stale.
SILENCE = STALE_AFTER.total_seconds() - 5
# A watch that the server ended sooner is taken for trouble, not for its time limit.
BRIEF = timedelta(seconds=5)
# How often what was heard is noted, at most; each note is a new object.
NOTED = timedelta(seconds=1)

_log = structlog.get_logger(__name__)


class Lines(Protocol):
    """The lines of an open watch."""

    def __iter__(self) -> Iterator[bytes]: ...
    def close(self) -> None: ...


class ListWatchApi(Protocol):
    """What the loop needs of an API server; KubernetesApi has it."""

    cluster: str

    def request(self, method: str, path: str, *, query: Query | None = None, accept: str = JSON) -> Response: ...
    def stream(
        self, path: str, query: Query | None = None, *, read: float, accept: str = JSON
    ) -> Lines | LineStream: ...


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What the loop needs beside the API. `pause` waits, and says whether to stop; `random` is in [0, 1)."""

    clock: Callable[[], datetime]
    pause: Callable[[float], bool]
    random: Callable[[], float]


class Reflector:
    """Runs in one thread; `state` may be read and `interrupt` called from any.

    `on_change` gets the services that a change concerns, none where it is nobody's; `on_state` is called when `state` has changed
    in a way that matters: synced, fresh or not, another trouble.
    """

    def __init__(
        self,
        kind: Kind,
        api: ListWatchApi,
        store: ClusterStore,
        surroundings: Surroundings,
        *,
        on_change: Callable[[frozenset[str]], None],
        on_state: Callable[[], None],
    ) -> None:
        self.kind = kind
        self.state = KindState()
        self._api = api
        self._store = store
        self._clock = surroundings.clock
        self._pause = surroundings.pause
        self._random = surroundings.random
        self._pace = Pace(surroundings.random)
        self._on_change = on_change
        self._on_state = on_state
        self._told: object = None
        # Where the watch goes on; None: list first.
        self._version: str | None = None
        self._paged = True
        # After an outage another server may answer, or one restored from a backup.
        self._doubtful = False
        self._stream: Lines | None = None
        self._stopping = threading.Event()
        self._log = _log.bind(cluster=api.cluster, kind=kind.key)

    def run(self) -> None:
        """List and watch until `interrupt`."""
        while not self._stopping.is_set():
            try:
                delay = self.step()
            except Exception:  # noqa: BLE001 a mistake of ours, or of a listener, must not end the watch for good
                self._log.exception("watch failed")
                self._version = None
                delay = self._pace.after_failure(timedelta())
            if self._pause(delay):
                return

    def interrupt(self) -> None:
        """Make `run` return soon, out of a blocked read too."""
        self._stopping.set()
        stream = self._stream
        if stream:
            stream.close()

    def step(self) -> float:
        """One attempt: list if there is need, then watch until the watch ends. Gives the seconds to wait."""
        began = self._clock()
        try:
            if self._version is not None and self._doubtful:
                self._compare()
            if self._version is None:
                wait = self._pace.before_list(began)
                if wait:
                    return wait
                self._list()
            if not self._stopping.is_set():
                self._watch()
        except ClusterError as error:
            return self._failed(error, self._clock() - began)
        held = self._clock() - began
        if held < BRIEF:
            return self._pace.after_failure(held)
        self._pace.succeeded()
        return 0.0

    def _list(self) -> None:
        items: list[Kept] = []
        query: Query = {**self.kind.chosen, "limit": PAGE} if self._paged else self.kind.chosen
        while not self._stopping.is_set():
            page = self._page(query)
            self._pace.listed(self._clock())
            items.extend(keep(slim(self.kind, each)) for each in mappings_at(page, "items"))
            token = text_at(page, "metadata", "continue")
            if not token:
                break
            query = {**self.kind.chosen, "limit": PAGE, "continue": token}
        else:
            return
        self._paged = True
        self._doubtful = False
        services = self._store.replace(self.kind.key, items)
        self._version = text_at(page, "metadata", "resourceVersion")
        self._heard(synced=True)
        self._on_change(services)

    def _page(self, query: Query) -> JsonObject:
        try:
            return self._get(query)
        except ClusterExpiredError:
            # Longer than this server's history reaches back: all in one answer next time.
            self._paged = False
            raise

    def _compare(self) -> None:
        """List again if the server knows less than we do: it is not the one that we listened to."""
        version = text_at(self._get({"limit": 1}), "metadata", "resourceVersion")
        known = self._version or ""
        if version.isdecimal() and known.isdecimal() and int(version) < int(known):
            self._version = None
        self._doubtful = False

    def _get(self, query: Query) -> JsonObject:
        body = self._api.request("GET", self.kind.path, query=query, accept=self.kind.listed_as).body
        page = mapping_at(body)
        if not text_at(page, "metadata", "resourceVersion"):
            raise ClusterUnreachableError(f"Cluster {self._api.cluster} answered with something that is no list.")
        return page

    def _watch(self) -> None:
        seconds = int(WATCH_SECONDS * (1 + self._random()))
        query: Query = {
            **self.kind.chosen,
            "watch": True,
            "allowWatchBookmarks": True,
            "resourceVersion": self._version or "",
            "timeoutSeconds": seconds,
        }
        stream = self._api.stream(self.kind.path, query, read=SILENCE, accept=self.kind.watched_as)
        self._stream = stream
        if self._stopping.is_set():
            stream.close()
        self._heard()
        lines = 0
        try:
            for line in stream:
                if self._stopping.is_set():
                    return
                self._take(line, is_first=lines == 0)
                lines += 1
        except ClusterUnreachableError:
            if not self._is_silent():
                raise
            # Half-open, or a server without bookmarks: opened anew at once, and trouble only if that fails.
            self._doubtful = True
        finally:
            self._stream = None
        if not lines and self._is_silent() and self.kind.bookmarks:
            # Not even a bookmark: the version may be one that this server has yet to reach.
            self._version = None

    def _take(self, line: bytes, *, is_first: bool) -> None:
        event = parse_event(line)
        match event:
            case Upserted():
                self._changed(self._store.put(slim(self.kind, event.item)), event.version)
            case Removed():
                self._changed(self._store.remove(slim(self.kind, event.item)), event.version)
            case Bookmark():
                self._version = event.version
            case Failure():
                # Whatever it is, going on from the same version would meet it again.
                self._version = None
                raise error_of_status(self._api.cluster, event.status)
            case Unknown():
                self._log.warning("unknown type of event passed over", type=event.type)
            case Torn():
                if is_first:
                    # The same place again would be torn again.
                    self._version = None
                raise ClusterUnreachableError(f"Cluster {self._api.cluster} sent a line that is no event.")
        self._heard()

    def _changed(self, services: frozenset[str], version: str) -> None:
        self._version = version
        self._on_change(services)

    def _failed(self, error: ClusterError, held: timedelta) -> float:
        if self._stopping.is_set():
            return 0.0
        if isinstance(error, ClusterExpiredError):
            wait = self._pace.before_list(self._clock())
            if self._version is None:
                # The list itself has expired, between two pages.
                return max(wait, self._pace.after_failure(held))
            self._version = None
            return wait
        refused = isinstance(error, (ClusterRefusedError, ClusterNotFoundError))
        self._doubtful = self._doubtful or isinstance(error, ClusterUnreachableError)
        since = self.state.failing_since or self._clock()
        state = dataclasses.replace(self.state, trouble=error.message, failing_since=since, refused=refused)
        self._note(state)
        # Credentials that are not accepted (401) may be renewed at any moment.
        is_denied = error.code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
        longest = LONGEST_REFUSED_DELAY if is_denied else LONGEST_DELAY
        return self._pace.after_failure(held, error.retry_after, longest=longest)

    def _is_silent(self) -> bool:
        heard = self.state.heard_at
        return heard is not None and (self._clock() - heard).total_seconds() >= SILENCE

    def _heard(self, *, synced: bool = False) -> None:
        now, state = self._clock(), self.state
        is_news = bool(state.trouble) or (synced and not state.synced)
        if is_news or state.heard_at is None or now - state.heard_at >= NOTED:
            self._note(KindState(synced=synced or state.synced, heard_at=now))

    def _note(self, state: KindState) -> None:
        self.state = state
        fresh = state.is_fresh(self._clock())
        telling = (state.synced, fresh, state.refused, None if fresh else state.trouble)
        if telling == self._told:
            return
        if self._told is not None and not fresh and state.trouble:
            self._log.warning("kind is not up to date", trouble=state.trouble)
        self._told = telling
        self._on_state()
