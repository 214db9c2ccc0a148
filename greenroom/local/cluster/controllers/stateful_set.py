"""StatefulSets: pods with numbers, made and replaced one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from greenroom.local.cluster.controllers import pods
from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.objects import (
    Manifest,
    controller_of,
    duplicate,
    is_deleting,
    labels_of,
    name_of,
    namespace_of,
)
from greenroom.local.cluster.operations import options_of
from greenroom.local.cluster.resources import CLAIMS, PODS, STATEFUL_SETS
from greenroom.local.cluster.storage import Change

REVISION: Final = "controller-revision-hash"
_SOURCE: Final = "statefulset-controller"


class StatefulSetController:
    """Creates pods in order, replaces outdated ones from the highest number down."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is STATEFUL_SETS:
            return [key_of(change.object)]
        owner = controller_of(change.object) if change.resource is PODS else None
        return [(namespace_of(change.object), owner["name"])] if owner and owner["kind"] == "StatefulSet" else []

    def reconcile(self, key: Key) -> None:
        stateful = self._context.store.get(STATEFUL_SETS, *key)
        if stateful is None:
            return
        if not is_deleting(stateful):
            self._move(stateful)
        self._count(stateful)

    def _move(self, stateful: Manifest) -> None:
        """One step: the first that is missing, then those that are too many, then those that are outdated."""
        owned = {name_of(pod): pod for pod in self._context.store.owned(stateful, PODS)}
        wanted = [f"{name_of(stateful)}-{number}" for number in range(stateful["spec"].get("replicas", 1))]
        parallel = stateful["spec"].get("podManagementPolicy") == "Parallel"
        for number, name in enumerate(wanted):
            if name not in owned:
                self._create(stateful, name, number)
            if not parallel and (name not in owned or not pods.ready([owned[name]])):
                return
        extra = [pod for name, pod in owned.items() if name not in wanted and not is_deleting(pod)]
        for pod in sorted(extra, key=_number, reverse=True)[: None if parallel else 1]:
            self._delete(stateful, pod)
        if not extra and stateful["spec"]["updateStrategy"].get("type") != "OnDelete":
            self._replace_one(stateful, list(owned.values()))

    def _replace_one(self, stateful: Manifest, owned: list[Manifest]) -> None:
        if any(is_deleting(pod) for pod in owned):
            return
        partition = (stateful["spec"]["updateStrategy"].get("rollingUpdate") or {}).get("partition", 0)
        revision = _revision(stateful)
        outdated = [pod for pod in owned if labels_of(pod).get(REVISION) != revision and _number(pod) >= partition]
        if outdated:
            self._delete(stateful, max(outdated, key=_number))

    def _create(self, stateful: Manifest, name: str, number: int) -> None:
        for claim in stateful["spec"].get("volumeClaimTemplates") or []:
            self._claim(stateful, claim, name)
        labels = {
            REVISION: _revision(stateful),
            "statefulset.kubernetes.io/pod-name": name,
            "apps.kubernetes.io/pod-index": str(number),
        }
        pods.create_pod(self._context, stateful, name=name, labels=labels)
        self._tell(stateful, "SuccessfulCreate", f"create Pod {name} in StatefulSet {name_of(stateful)} successful")

    def _claim(self, stateful: Manifest, template: Manifest, pod: str) -> None:
        claim = duplicate(template)
        claim["metadata"] = {**claim.get("metadata", {}), "name": f"{template['metadata']['name']}-{pod}"}
        body = {"kind": "PersistentVolumeClaim", "apiVersion": "v1", **claim}
        body.pop("status", None)
        if self._context.store.get(CLAIMS, namespace_of(stateful), body["metadata"]["name"]) is None:
            self._context.operations.create(CLAIMS, namespace_of(stateful), body, options_of(MANAGER))

    def _delete(self, stateful: Manifest, pod: Manifest) -> None:
        pods.delete_pod(self._context, pod)
        message = f"delete Pod {name_of(pod)} in StatefulSet {name_of(stateful)} successful"
        self._tell(stateful, "SuccessfulDelete", message)

    def _tell(self, stateful: Manifest, reason: str, message: str) -> None:
        self._context.recorder.record(stateful, reason, message, source=_SOURCE)

    def _count(self, stateful: Manifest) -> None:
        current = pods.active(self._context.store.owned(stateful, PODS))
        ready = len(pods.ready(current))
        revision = _revision(stateful)
        updated = sum(1 for pod in current if labels_of(pod).get(REVISION) == revision)
        before = stateful.get("status", {})
        rolled_out = updated == stateful["spec"].get("replicas", 1)
        old_revision = revision if rolled_out else before.get("currentRevision", revision)
        status: Manifest = {"observedGeneration": stateful["metadata"]["generation"], "replicas": len(current)}
        counts = {
            "readyReplicas": ready,
            "currentReplicas": updated if rolled_out else len(current) - updated,
            "updatedReplicas": updated,
        }
        status |= {name: count for name, count in counts.items() if count}
        status |= {"currentRevision": old_revision, "updateRevision": revision, "collisionCount": 0}
        self._context.operations.set_status(STATEFUL_SETS, stateful, {**status, "availableReplicas": ready}, MANAGER)


def _revision(stateful: Manifest) -> str:
    return f"{name_of(stateful)}-{pods.template_hash(stateful['spec']['template'])}"


def _number(pod: Manifest) -> int:
    return int(name_of(pod).rpartition("-")[2])
