"""ReplicaSets: as many pods as asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from greenroom.local.cluster.controllers import pods
from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.objects import Manifest, controller_of, is_deleting, name_of, namespace_of
from greenroom.local.cluster.resources import PODS, REPLICA_SETS
from greenroom.local.cluster.storage import Change

_SOURCE: Final = "replicaset-controller"


class ReplicaSetController:
    """Creates and deletes pods, and counts them in the status."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is REPLICA_SETS:
            return [key_of(change.object)]
        owner = controller_of(change.object) if change.resource is PODS else None
        return [(namespace_of(change.object), owner["name"])] if owner and owner["kind"] == "ReplicaSet" else []

    def reconcile(self, key: Key) -> None:
        replica_set = self._context.store.get(REPLICA_SETS, *key)
        if replica_set is None:
            return
        if not is_deleting(replica_set):
            self._scale(replica_set)
        self._count(self._context.operations.get(REPLICA_SETS, *key))

    def _scale(self, replica_set: Manifest) -> None:
        context = self._context
        current = pods.active(context.store.owned(replica_set, PODS))
        wanted = replica_set["spec"].get("replicas", 1)
        for _ in range(wanted - len(current)):
            pod = pods.create_pod(context, replica_set)
            message = f"Created pod: {name_of(pod)}"
            context.recorder.record(replica_set, "SuccessfulCreate", message, source=_SOURCE)
        for pod in pods.first_to_end(current)[: max(0, len(current) - wanted)]:
            pods.delete_pod(context, pod)
            message = f"Deleted pod: {name_of(pod)}"
            context.recorder.record(replica_set, "SuccessfulDelete", message, source=_SOURCE)

    def _count(self, replica_set: Manifest) -> None:
        context = self._context
        owned = context.store.owned(replica_set, PODS)
        current = pods.active(owned)
        minimum = replica_set["spec"].get("minReadySeconds", 0)
        ready = pods.ready(current)
        available = pods.available(context, ready, minimum)
        counts = {
            "replicas": len(current),
            "fullyLabeledReplicas": len(current),
            "readyReplicas": len(ready),
            "availableReplicas": len(available),
        }
        status: Manifest = {name: count for name, count in counts.items() if count or name == "replicas"}
        status["terminatingReplicas"] = pods.terminating(owned)
        status["observedGeneration"] = replica_set["metadata"]["generation"]
        context.operations.set_status(REPLICA_SETS, replica_set, status, MANAGER)
        if len(available) < len(ready):
            waits = (pods.seconds_until_available(context, pod, minimum) for pod in ready)
            shortest = min(wait for wait in waits if wait > 0)
            context.clock.call_later(shortest, lambda: self.reconcile(key_of(replica_set)))
