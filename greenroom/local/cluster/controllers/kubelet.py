"""Scheduler and kubelets in one: takes pods to nodes, and leads them through their steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from greenroom.local.cluster.breakage import Breakage
from greenroom.local.cluster.clock import Timer
from greenroom.local.cluster.controllers import pod_status
from greenroom.local.cluster.controllers.loop import Context, Key, key_of
from greenroom.local.cluster.controllers.pod_steps import (
    NOTHING_MISSING,
    Missing,
    Step,
    next_step,
    seconds_to_end,
)
from greenroom.local.cluster.controllers.references import Kind, missing_variable, missing_volume
from greenroom.local.cluster.objects import (
    Manifest,
    controller_of,
    is_deleting,
    name_of,
    namespace_of,
    timestamp,
    uid_of,
)
from greenroom.local.cluster.operations import DeleteOptions
from greenroom.local.cluster.resources import CONFIG_MAPS, JOBS, NODES, PODS, REPLICA_SETS, SECRETS, Resource
from greenroom.local.cluster.storage import Change

_SCHEDULER: Final = "default-scheduler"
_KUBELET: Final = "kubelet"
# Seconds at pace 1 until a pod has a node, and until its kubelet took it.
_SCHEDULE: Final = 0.05
_TAKE: Final = 0.05


_REFERENCED: Final[Mapping[Kind, Resource]] = {"secret": SECRETS, "configmap": CONFIG_MAPS}
# What stands between a pod and what can be broken.
_BETWEEN: Final[Mapping[str, Resource]] = {"ReplicaSet": REPLICA_SETS, "Job": JOBS}


class Kubelet:
    """Lets one step of each pod wait at a time. `breakage_of`: how the deployment at a key is broken."""

    def __init__(self, context: Context, breakage_of: Callable[[Key], Breakage | None]) -> None:
        self._context = context
        self._breakage_of = breakage_of
        self._waiting: dict[str, tuple[str, Timer]] = {}

    def keys(self, change: Change) -> Iterable[Key]:
        if change.resource in _REFERENCED.values():
            pods = self._context.store.objects(PODS, namespace_of(change.object))
            return [key_of(pod) for pod in pods if _waits(pod)]
        if change.resource is not PODS:
            return []
        if change.type == "DELETED":
            self._cancel(uid_of(change.object))
            return []
        return [key_of(change.object)]

    def reconcile(self, key: Key) -> None:
        pod = self._context.store.get(PODS, *key)
        if pod is None:
            return
        if is_deleting(pod):
            self._wait(pod, "end", seconds_to_end(pod), self._end)
        elif not pod["spec"].get("nodeName"):
            self._wait(pod, "schedule", _SCHEDULE, self._schedule)
        elif "containerStatuses" not in pod["status"]:
            self._wait(pod, "take", _TAKE, self._take)
        else:
            self._wait_for_step(pod)

    def _wait_for_step(self, pod: Manifest) -> None:
        step = next_step(pod, self.breakage(pod), self._missing(pod))
        if step is None:
            self._cancel(uid_of(pod))
        else:
            self._wait(pod, step.name, step.after, lambda current: self._do(step, current))

    def _do(self, step: Step, pod: Manifest) -> None:
        status = step.act(pod, self._time())
        self._context.operations.set_status(PODS, pod, status, _KUBELET)
        for reason, message, kind in step.notes:
            self._context.recorder.record(pod, reason, message, source=_KUBELET, kind=kind)

    def breakage(self, pod: Manifest) -> Breakage | None:
        """How the deployment or schedule is broken that the pod belongs to, if it is."""
        owner = controller_of(pod)
        kind = _BETWEEN.get(owner["kind"]) if owner else None
        if owner is None or kind is None:
            return None
        between = self._context.store.get(kind, namespace_of(pod), owner["name"])
        above = controller_of(between) if between else None
        return self._breakage_of((namespace_of(pod), above["name"])) if above else None

    def _missing(self, pod: Manifest) -> Missing:
        if not _waits(pod):
            return NOTHING_MISSING
        namespace = namespace_of(pod)

        def find(kind: Kind, name: str) -> Manifest | None:
            return self._context.store.get(_REFERENCED[kind], namespace, name)

        containers = [*(pod["spec"].get("initContainers") or []), *pod["spec"]["containers"]]
        faults = ((each["name"], missing_variable(each, namespace, find)) for each in containers)
        variables = {name: fault for name, fault in faults if fault}
        return Missing(missing_volume(pod["spec"], find), variables)

    def _wait(self, pod: Manifest, name: str, after: float, act: Callable[[Manifest], None]) -> None:
        uid, key = uid_of(pod), key_of(pod)
        waiting = self._waiting.get(uid)
        if waiting is not None:
            if waiting[0] == name:
                return
            waiting[1].cancel()

        def run() -> None:
            self._waiting.pop(uid, None)
            current = self._context.store.get(PODS, *key)
            if current is not None and uid_of(current) == uid:
                act(current)

        self._waiting[uid] = (name, self._context.after(after, run))

    def _cancel(self, uid: str) -> None:
        waiting = self._waiting.pop(uid, None)
        if waiting is not None:
            waiting[1].cancel()

    def _schedule(self, pod: Manifest) -> None:
        nodes = self._context.store.objects(NODES)
        node = name_of(nodes[int(uid_of(pod)[:8], 16) % len(nodes)])
        placed = {**pod, "spec": {**pod["spec"], "nodeName": node}}
        placed["status"] = pod_status.scheduled_status(pod, self._time())
        # The generation counts what people ask for; the scheduler's choice is none of that.
        self._context.operations.rewrite(PODS, pod, placed, "kube-scheduler", count=False)
        message = f"Successfully assigned {namespace_of(pod)}/{name_of(pod)} to {node}"
        self._context.recorder.record(pod, "Scheduled", message, source=_SCHEDULER)

    def _take(self, pod: Manifest) -> None:
        node = self._context.store.get(NODES, "", pod["spec"]["nodeName"])
        addresses = node["status"]["addresses"] if node else [{"address": "10.9.0.1"}]
        status = pod_status.created_status(pod, addresses[0]["address"], self._time())
        self._context.operations.set_status(PODS, pod, status, _KUBELET)

    def _end(self, pod: Manifest) -> None:
        for container in pod["spec"]["containers"]:
            message = f"Stopping container {container['name']}"
            self._context.recorder.record(pod, "Killing", message, source=_KUBELET)
        if self._context.store.get(PODS, *key_of(pod)) is not None:
            self._context.operations.delete(PODS, *key_of(pod), DeleteOptions(grace=0))

    def _time(self) -> str:
        return timestamp(self._context.clock.now())


def _waits(pod: Manifest) -> bool:
    """Whether a container of the pod has not been started."""
    status = pod["status"]
    containers = [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
    return any("waiting" in each["state"] for each in containers)
