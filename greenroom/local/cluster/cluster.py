"""One simulated cluster: its objects, the operations on them, its controllers, and how it is broken."""

from __future__ import annotations

from greenroom.local.cluster import errors
from greenroom.local.cluster.breakage import (
    BREAKAGES,
    BY_REPLACEMENT,
    BY_ROLLOUT,
    INIT_CONTAINER,
    Breakage,
)
from greenroom.local.cluster.clock import Clock
from greenroom.local.cluster.controllers.autoscaler import AutoscalerController
from greenroom.local.cluster.controllers.daemon_set import DaemonSetController
from greenroom.local.cluster.controllers.deployment import DeploymentController
from greenroom.local.cluster.controllers.disruption import DisruptionController
from greenroom.local.cluster.controllers.endpoints import EndpointsController
from greenroom.local.cluster.controllers.garbage import GarbageCollector, NamespaceController
from greenroom.local.cluster.controllers.job import JobController
from greenroom.local.cluster.controllers.kubelet import Kubelet
from greenroom.local.cluster.controllers.loop import Context, ControllerLoop, Key, key_of
from greenroom.local.cluster.controllers.recorder import Recorder
from greenroom.local.cluster.controllers.replica_set import ReplicaSetController
from greenroom.local.cluster.controllers.stateful_set import StatefulSetController
from greenroom.local.cluster.controllers.volumes import VolumeController
from greenroom.local.cluster.objects import Manifest, evolve, is_deleting, name_of, namespace_of, timestamp
from greenroom.local.cluster.operations import DeleteOptions, Operations
from greenroom.local.cluster.persistence import State
from greenroom.local.cluster.reachability import Reachability
from greenroom.local.cluster.resources import DEPLOYMENTS, PODS, REPLICA_SETS, resource_of_kind
from greenroom.local.cluster.seeds import sow
from greenroom.local.cluster.storage import Change, Store

_MANAGER = "greenroom-simulation"
# On the pod template: a rollout that a breakage started.
_ROLLOUT = "greenroom.local/rolledOutAt"


class Cluster:
    """A cluster that runs on the event loop of its clock. `pace` multiplies every wait (1 normal, 0 at once)."""

    def __init__(self, name: str, clock: Clock, *, pace: float = 1.0, state: State | None = None) -> None:
        self.name = name
        self.clock = clock
        self.reachability = Reachability()
        self.store = Store(version=state.version if state else 1)
        self.operations = Operations(self.store, clock.now, self._admit)
        self._breakages: dict[Key, Breakage] = {}
        self._recorder = Recorder(self.store, self.operations, clock.now)
        self._loop = ControllerLoop(clock)
        context = Context(self.store, self.operations, clock, self._recorder, pace)
        self._kubelet = Kubelet(context, self._breakages.get)
        self._deployments = DeploymentController(context, self._breakages.get)
        for controller in (
            self._deployments,
            ReplicaSetController(context),
            StatefulSetController(context),
            DaemonSetController(context),
            JobController(context),
            self._kubelet,
            EndpointsController(context),
            AutoscalerController(context),
            DisruptionController(context),
            VolumeController(context),
            NamespaceController(context),
            GarbageCollector(context),
        ):
            self._loop.add(controller)
        if state is not None:
            self._restore(state)

    def start(self) -> None:
        """Begin to move; objects from a saved state are looked at once."""
        self.store.subscribe(self._loop.notice)
        self.store.subscribe(self._forget_deleted)
        for kind, manifest in self.store.everything():
            self._loop.notice(Change("ADDED", self.store.version, kind, manifest, None))
        sow(self.store, self.operations, timestamp(self.clock.now()))

    def snapshot(self) -> State:
        """What has to be kept to go on later."""
        objects = [manifest for _, manifest in self.store.everything()]
        return State(self.store.version, objects, self.broken())

    def broken(self) -> list[tuple[str, str, str]]:
        """What is broken: (namespace, deployment, how)."""
        return [(space, name, how) for (space, name), how in sorted(self._breakages.items())]

    def break_(self, deployment: str, how: Breakage, *, namespace: str | None = None) -> None:
        """Break a deployment until it is healed. Raises StatusError when there is no such deployment, or several."""
        found = self._find(deployment, namespace)
        self._breakages[key_of(found)] = how
        message = f"Broken on purpose, to be seen: {how} (simulated by Greenroom)"
        self._recorder.record(found, "SimulatedBreakage", message, source=_MANAGER, kind="Warning")
        if how in BY_ROLLOUT:
            self._roll_out(found)
        for pod in self._pods_of(found):
            if how in BY_REPLACEMENT and not is_deleting(pod):
                self.operations.delete(PODS, namespace_of(pod), name_of(pod), DeleteOptions())
            self._loop.enqueue(self._kubelet, key_of(pod))
        self._loop.enqueue(self._deployments, key_of(found))

    def heal(self, deployment: str, *, namespace: str | None = None) -> None:
        """End a breakage; its pods come up again. Raises StatusError when there is no such deployment."""
        found = self._find(deployment, namespace)
        if self._breakages.pop(key_of(found), None) is None:
            return
        self._recorder.record(found, "SimulatedBreakageEnded", "Healed (simulated by Greenroom)", source=_MANAGER)
        for pod in self._pods_of(found):
            self._loop.enqueue(self._kubelet, key_of(pod))
        self._loop.enqueue(self._deployments, key_of(found))

    def _find(self, name: str, namespace: str | None) -> Manifest:
        found = [each for each in self.store.objects(DEPLOYMENTS, namespace) if name_of(each) == name]
        if not found:
            raise errors.not_found(DEPLOYMENTS.plural, DEPLOYMENTS.group, name)
        if len(found) > 1:
            spaces = ", ".join(map(namespace_of, found))
            raise errors.bad_request(f'namespace: Required value: deployments named "{name}" are in {spaces}')
        return found[0]

    def _pods_of(self, deployment: Manifest) -> list[Manifest]:
        sets = self.store.owned(deployment, REPLICA_SETS)
        return [pod for each in sets for pod in self.store.owned(each, PODS)]

    def _roll_out(self, deployment: Manifest) -> None:
        template = deployment["spec"]["template"]
        annotations = {**(template["metadata"].get("annotations") or {}), _ROLLOUT: self.clock.now().isoformat()}
        changed = evolve(deployment, "spec.template.metadata.annotations", annotations)
        self.operations.rewrite(DEPLOYMENTS, deployment, changed, _MANAGER)

    def _admit(self, manifest: Manifest) -> None:
        """Give pods of a deployment whose init containers are to fail one that can, should they have none."""
        if manifest["kind"] != "Pod" or manifest["spec"].get("initContainers"):
            return
        if self._kubelet.breakage(manifest) == "init" and manifest["spec"].get("containers"):
            image = manifest["spec"]["containers"][0].get("image", "simulated")
            manifest["spec"]["initContainers"] = [{"name": INIT_CONTAINER, "image": image}]

    def _forget_deleted(self, change: Change) -> None:
        if change.resource is DEPLOYMENTS and change.type == "DELETED":
            self._breakages.pop(key_of(change.object), None)

    def _restore(self, state: State) -> None:
        known = ((resource_of_kind(each["apiVersion"], each["kind"]), each) for each in state.objects)
        self.store.load((kind, manifest) for kind, manifest in known if kind is not None)
        valid = {(space, name): how for space, name, how in state.breakages}
        self._breakages.update({key: each for key, how in valid.items() for each in BREAKAGES if each == how})
        self._recorder.load()
