"""Deployments: rolling from one replica set to the next, with revisions, pauses and deadlines."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from greenroom.local.cluster.breakage import STUCK_DEADLINE, Breakage
from greenroom.local.cluster.clock import Timer
from greenroom.local.cluster.controllers import deployment_status as progress
from greenroom.local.cluster.controllers.loop import MANAGER, Context, Key, key_of
from greenroom.local.cluster.controllers.pods import template_hash
from greenroom.local.cluster.controllers.rollout import first_replicas, limits_of, next_sizes
from greenroom.local.cluster.objects import (
    Manifest,
    annotations_of,
    condition_of,
    controller_of,
    duplicate,
    evolve,
    is_deleting,
    labels_of,
    name_of,
    namespace_of,
    owner_reference,
    timestamp,
    uid_of,
    with_annotations,
)
from greenroom.local.cluster.operations import DeleteOptions, options_of
from greenroom.local.cluster.resources import DEPLOYMENTS, REPLICA_SETS
from greenroom.local.cluster.storage import Change

REVISION: Final = "deployment.kubernetes.io/revision"
_DESIRED: Final = "deployment.kubernetes.io/desired-replicas"
_MAXIMUM: Final = "deployment.kubernetes.io/max-replicas"
_HASH: Final = "pod-template-hash"
_SOURCE: Final = "deployment-controller"
# Annotations of a deployment that its replica sets do not get.
_OWN_ANNOTATIONS: Final = frozenset({"kubectl.kubernetes.io/last-applied-configuration", REVISION, _DESIRED, _MAXIMUM})


class DeploymentController:
    """Moves deployments along. `breakage_of`: how the deployment at a key is broken, if it is."""

    def __init__(self, context: Context, breakage_of: Callable[[Key], Breakage | None]) -> None:
        self._context = context
        self._breakage_of = breakage_of
        # By uid: when the rollout last moved (event clock, finer than the conditions' seconds), and its alarm.
        self._moved: dict[str, float] = {}
        self._alarms: dict[str, Timer] = {}

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource is DEPLOYMENTS:
            if change.type == "DELETED":
                self._forget(uid_of(change.object))
            return [key_of(change.object)]
        owner = controller_of(change.object) if change.resource is REPLICA_SETS else None
        return [(namespace_of(change.object), owner["name"])] if owner and owner["kind"] == "Deployment" else []

    def reconcile(self, key: Key) -> None:
        deployment = self._context.store.get(DEPLOYMENTS, *key)
        if deployment is None:
            return
        sets = self._context.store.owned(deployment, REPLICA_SETS)
        new = _matching(deployment, sets)
        if is_deleting(deployment):
            self._write(deployment, progress.counted_status(deployment, new, sets, self._time()))
        elif deployment["spec"].get("paused"):
            self._hold(deployment, new, sets)
        else:
            self._roll(deployment, new, sets)

    def _roll(self, deployment: Manifest, new: Manifest | None, sets: list[Manifest]) -> None:
        old = sorted((each for each in sets if each is not new), key=_age_of)
        deployment, new = self._current_set(deployment, new, old)
        for name, size in next_sizes(deployment, new, old).items():
            self._resize(deployment, self._context.operations.get(REPLICA_SETS, namespace_of(deployment), name), size)
        self._settle(deployment)

    def _hold(self, deployment: Manifest, new: Manifest | None, sets: list[Manifest]) -> None:
        """While paused only a change of size is followed, by the newest replica set that has pods."""
        active = [each for each in sets if each["spec"].get("replicas")]
        wanted = deployment["spec"].get("replicas", 1)
        if len(active) == 1 and active[0]["spec"]["replicas"] != wanted:
            self._resize(deployment, active[0], wanted)
            sets = self._context.store.owned(deployment, REPLICA_SETS)
            new = _matching(deployment, sets)
        status = progress.counted_status(deployment, new, sets, self._time())
        pause = progress.progressing("DeploymentPaused", "Deployment is paused", status="Unknown")
        self._write(deployment, progress.with_condition(status, pause, self._time()))

    def _current_set(
        self, deployment: Manifest, new: Manifest | None, old: list[Manifest]
    ) -> tuple[Manifest, Manifest]:
        newest = max((_revision(each) for each in old), default=0)
        if new is None:
            new = self._create_set(deployment, old, newest + 1)
            condition = progress.progressing("NewReplicaSetCreated", f'Created new replica set "{name_of(new)}"')
        elif _revision(new) <= newest:
            changed = with_annotations(new, {REVISION: str(newest + 1)})
            new = self._context.operations.rewrite(REPLICA_SETS, new, changed, MANAGER)
            condition = progress.progressing("FoundNewReplicaSet", f'Found existing replica set "{name_of(new)}"')
        else:
            return self._with_revision(deployment, new), new
        self._moved[uid_of(deployment)] = self._context.clock.now().timestamp()
        deployment = self._with_revision(deployment, new)
        status = progress.touched(deployment.get("status", {}), condition, self._time())
        return self._write(deployment, status), new

    def _with_revision(self, deployment: Manifest, new: Manifest) -> Manifest:
        revision = annotations_of(new).get(REVISION, "1")
        if annotations_of(deployment).get(REVISION) == revision:
            return deployment
        changed = with_annotations(deployment, {REVISION: revision})
        return self._context.operations.rewrite(DEPLOYMENTS, deployment, changed, MANAGER, subresource="status")

    def _create_set(self, deployment: Manifest, old: list[Manifest], revision: int) -> Manifest:
        template = duplicate(deployment["spec"]["template"])
        suffix = template_hash(template)
        labels = {**((template.get("metadata") or {}).get("labels") or {}), _HASH: suffix}
        template["metadata"] = {**(template.get("metadata") or {}), "labels": labels}
        selector = duplicate(deployment["spec"]["selector"])
        selector["matchLabels"] = {**(selector.get("matchLabels") or {}), _HASH: suffix}
        size = first_replicas(deployment, old)
        body: Manifest = {
            "kind": "ReplicaSet",
            "apiVersion": "apps/v1",
            "metadata": {
                "name": f"{name_of(deployment)}-{suffix}",
                "labels": labels,
                "annotations": _set_annotations(deployment, revision),
                "ownerReferences": [owner_reference(deployment)],
            },
            "spec": {"replicas": size, "selector": selector, "template": template},
        }
        if deployment["spec"].get("minReadySeconds"):
            body["spec"]["minReadySeconds"] = deployment["spec"]["minReadySeconds"]
        namespace = namespace_of(deployment)
        created = self._context.operations.create(REPLICA_SETS, namespace, body, options_of(MANAGER))
        if size:
            self._tell_scaling(deployment, created, 0, size)
        return created

    def _resize(self, deployment: Manifest, replica_set: Manifest, size: int) -> None:
        before = replica_set["spec"].get("replicas", 0)
        if before == size:
            return
        changed = with_annotations(evolve(replica_set, "spec.replicas", size), _size_annotations(deployment))
        self._context.operations.rewrite(REPLICA_SETS, replica_set, changed, MANAGER)
        self._tell_scaling(deployment, replica_set, before, size)

    def _tell_scaling(self, deployment: Manifest, replica_set: Manifest, before: int, after: int) -> None:
        direction = "up" if after > before else "down"
        message = f"Scaled {direction} replica set {name_of(replica_set)} from {before} to {after}"
        self._context.recorder.record(deployment, "ScalingReplicaSet", message, source=_SOURCE)

    def _settle(self, deployment: Manifest) -> None:
        """Write the status, with what it says of the rollout's progress."""
        sets = self._context.store.owned(deployment, REPLICA_SETS)
        new = _matching(deployment, sets)
        status = progress.counted_status(deployment, new, sets, self._time())
        condition = condition_of(deployment, "Progressing")
        finished = condition is not None and condition["reason"] == progress.COMPLETE
        at_rest = finished and status.get("replicas", 0) == status.get("updatedReplicas", 0)
        if progress.is_complete(deployment, status):
            message = progress.progress_message(new, deployment, "has successfully progressed.")
            status = progress.with_condition(status, progress.progressing(progress.COMPLETE, message), self._time())
            self._forget(uid_of(deployment))
            self._clean_up(deployment, new, sets)
        elif not at_rest:
            status = self._progress(deployment, new, status)
        self._write(deployment, status)

    def _progress(self, deployment: Manifest, new: Manifest | None, status: Manifest) -> Manifest:
        uid, now = uid_of(deployment), self._context.clock.now().timestamp()
        if progress.made_progress(deployment.get("status", {}), status):
            self._moved[uid] = now
            message = progress.progress_message(new, deployment, "is progressing.")
            status = progress.touched(status, progress.progressing("ReplicaSetUpdated", message), self._time())
        left = self._moved.setdefault(uid, now) + self._deadline(deployment) - now
        if left <= 0:
            message = progress.progress_message(new, deployment, "has timed out progressing.")
            late = progress.progressing(progress.TIMED_OUT, message, status="False")
            return progress.with_condition(status, late, self._time())
        self._set_alarm(deployment, left)
        return status

    def _deadline(self, deployment: Manifest) -> float:
        """In real seconds."""
        deadline = float(deployment["spec"].get("progressDeadlineSeconds", 600))
        if self._breakage_of(key_of(deployment)) == "stuck":
            deadline = min(deadline, STUCK_DEADLINE)
        return deadline * self._context.pace

    def _set_alarm(self, deployment: Manifest, left: float) -> None:
        uid, key = uid_of(deployment), key_of(deployment)
        if uid in self._alarms:
            self._alarms[uid].cancel()
        self._alarms[uid] = self._context.clock.call_later(left, lambda: self.reconcile(key))

    def _forget(self, uid: str) -> None:
        self._moved.pop(uid, None)
        alarm = self._alarms.pop(uid, None)
        if alarm is not None:
            alarm.cancel()

    def _clean_up(self, deployment: Manifest, new: Manifest | None, sets: list[Manifest]) -> None:
        """Keep as many old replica sets as can be rolled back to."""
        limit = deployment["spec"].get("revisionHistoryLimit", 10)
        idle = [each for each in sets if each is not new and not each["spec"].get("replicas")]
        idle = [each for each in idle if not each.get("status", {}).get("replicas")]
        for each in sorted(idle, key=_revision)[: max(0, len(idle) - limit)]:
            self._context.operations.delete(REPLICA_SETS, namespace_of(each), name_of(each), DeleteOptions())

    def _write(self, deployment: Manifest, status: Manifest) -> Manifest:
        return self._context.operations.set_status(DEPLOYMENTS, deployment, status, MANAGER)

    def _time(self) -> str:
        return timestamp(self._context.clock.now())


def _matching(deployment: Manifest, sets: list[Manifest]) -> Manifest | None:
    """The replica set of the deployment's current template; the oldest, should there be several."""
    wanted = deployment["spec"]["template"]
    found = [each for each in sets if _plain_template(each) == wanted]
    return min(found, key=_age_of) if found else None


def _plain_template(replica_set: Manifest) -> Manifest:
    template: Manifest = replica_set["spec"]["template"]
    labels = {key: value for key, value in labels_of(template).items() if key != _HASH}
    return {**template, "metadata": {**template["metadata"], "labels": labels}}


def _age_of(replica_set: Manifest) -> tuple[str, str]:
    return replica_set["metadata"]["creationTimestamp"], name_of(replica_set)


def _revision(replica_set: Manifest) -> int:
    return int(annotations_of(replica_set).get(REVISION, "0"))


def _size_annotations(deployment: Manifest) -> dict[str, str | None]:
    limits = limits_of(deployment)
    return {_DESIRED: str(limits.replicas), _MAXIMUM: str(limits.replicas + limits.surge)}


def _set_annotations(deployment: Manifest, revision: int) -> Manifest:
    copied = {key: value for key, value in annotations_of(deployment).items() if key not in _OWN_ANNOTATIONS}
    return {**copied, **_size_annotations(deployment), REVISION: str(revision)}
