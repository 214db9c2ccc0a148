"""Events: what happened to an object, in the words of the real components, counted when it happens again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from typing import Final

from greenroom.local.cluster.objects import Manifest, duplicate, name_of, namespace_of, timestamp, uid_of
from greenroom.local.cluster.operations import Operations, options_of
from greenroom.local.cluster.resources import EVENTS, NAMESPACES
from greenroom.local.cluster.storage import Store

# Events kept in a cluster. Kubernetes keeps them for an hour; a bound by number keeps memory small.
MOST_EVENTS: Final = 500
# Of the name of what an event is about; names are bounded to 253 characters.
_LONGEST_PREFIX: Final = 230


class Recorder:
    """Writes events into a cluster and removes the oldest beyond the bound."""

    def __init__(self, store: Store, operations: Operations, now: Callable[[], datetime]) -> None:
        self._store = store
        self._operations = operations
        self._now = now
        self._moment = 0
        self._known: OrderedDict[tuple[str, str, str], tuple[str, str]] = OrderedDict()

    def load(self) -> None:
        """Know the events that are there already, after a restart."""
        for event in sorted(self._store.objects(EVENTS), key=lambda each: str(each.get("lastTimestamp"))):
            identity = (event["involvedObject"].get("uid", ""), event.get("reason", ""), event.get("message", ""))
            self._known[identity] = (namespace_of(event), name_of(event))

    def record(self, about: Manifest, reason: str, message: str, *, source: str, kind: str = "Normal") -> None:
        """Note that something happened to `about`. `source`: the component; `kind`: Normal or Warning."""
        identity = (uid_of(about), reason, message)
        place = self._known.get(identity)
        event = self._store.get(EVENTS, *place) if place else None
        time = timestamp(self._now())
        if event is not None:
            counted = {**event, "count": event.get("count", 1) + 1, "lastTimestamp": time}
            self._operations.rewrite(EVENTS, event, counted, source)
            self._known.move_to_end(identity)
            return
        namespace = namespace_of(about) or "default"
        if self._store.get(NAMESPACES, "", namespace) is None:
            return
        self._write(about, identity, {"reason": reason, "message": message, "type": kind}, source, time)

    def _write(self, about: Manifest, identity: tuple[str, str, str], what: Manifest, source: str, time: str) -> None:
        namespace = namespace_of(about) or "default"
        # As the real recorder names them: the object and the time in nanoseconds, in hexadecimal.
        self._moment = max(self._moment + 1, int(self._now().timestamp() * 1e9))
        name = f"{name_of(about)[:_LONGEST_PREFIX]}.{self._moment:x}"
        event: Manifest = {
            "metadata": {"name": name, "namespace": namespace},
            "involvedObject": {
                "kind": about["kind"],
                "namespace": namespace_of(about),
                "name": name_of(about),
                "uid": uid_of(about),
                "apiVersion": about["apiVersion"],
                "resourceVersion": about["metadata"].get("resourceVersion", ""),
            },
            "reason": what["reason"],
            "message": what["message"],
            "source": {"component": source},
            "firstTimestamp": time,
            "lastTimestamp": time,
            "count": 1,
            "type": what["type"],
            "eventTime": None,
            "reportingComponent": source,
            "reportingInstance": "",
        }
        space = self._store.get(NAMESPACES, "", namespace)
        if space is None or "deletionTimestamp" in space["metadata"]:
            return
        self._operations.create(EVENTS, namespace, duplicate(event), options_of(source))
        self._known[identity] = (namespace, name)
        self._forget_oldest()

    def _forget_oldest(self) -> None:
        while len(self._known) > MOST_EVENTS:
            _, place = self._known.popitem(last=False)
            event = self._store.get(EVENTS, *place)
            if event is not None:
                self._store.remove(EVENTS, event)
