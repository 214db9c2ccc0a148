"""DaemonSets: one pod on each node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from greenroom.local.cluster.controllers import pods
from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.controllers.stateful_set import REVISION
from greenroom.local.cluster.objects import Manifest, controller_of, is_deleting, labels_of, name_of, namespace_of
from greenroom.local.cluster.resources import DAEMON_SETS, NODES, PODS
from greenroom.local.cluster.storage import Change

_SOURCE: Final = "daemonset-controller"


class DaemonSetController:
    """Creates what is missing, replaces outdated pods one at a time."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is DAEMON_SETS:
            return [key_of(change.object)]
        owner = controller_of(change.object) if change.resource is PODS else None
        return [(namespace_of(change.object), owner["name"])] if owner and owner["kind"] == "DaemonSet" else []

    def reconcile(self, key: Key) -> None:
        daemon = self._context.store.get(DAEMON_SETS, *key)
        if daemon is None:
            return
        if not is_deleting(daemon):
            self._move(daemon)
        self._count(daemon)

    def _move(self, daemon: Manifest) -> None:
        owned = self._context.store.owned(daemon, PODS)
        served = {pod["spec"].get("nodeName") for pod in owned}
        for node in map(name_of, self._context.store.objects(NODES)):
            if node not in served:
                labels = {REVISION: _revision(daemon)}
                pod = pods.create_pod(self._context, daemon, labels=labels, node=node)
                message = f"Created pod: {name_of(pod)}"
                self._context.recorder.record(daemon, "SuccessfulCreate", message, source=_SOURCE)
        outdated = [pod for pod in owned if labels_of(pod).get(REVISION) != _revision(daemon)]
        all_up = len(pods.ready(pods.active(owned))) == len(served)
        if outdated and all_up and daemon["spec"]["updateStrategy"].get("type") != "OnDelete":
            pods.delete_pod(self._context, outdated[0])

    def _count(self, daemon: Manifest) -> None:
        current = pods.active(self._context.store.owned(daemon, PODS))
        ready, wanted = len(pods.ready(current)), len(self._context.store.objects(NODES))
        updated = sum(1 for pod in current if labels_of(pod).get(REVISION) == _revision(daemon))
        status: Manifest = {
            "currentNumberScheduled": len(current),
            "numberMisscheduled": 0,
            "desiredNumberScheduled": wanted,
            "numberReady": ready,
            "observedGeneration": daemon["metadata"]["generation"],
        }
        optional = {
            "updatedNumberScheduled": updated,
            "numberAvailable": ready,
            "numberUnavailable": wanted - ready,
        }
        status |= {name: count for name, count in optional.items() if count}
        self._context.operations.set_status(DAEMON_SETS, daemon, status, MANAGER)


def _revision(daemon: Manifest) -> str:
    return pods.template_hash(daemon["spec"]["template"])
