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
from greenroom.local.cluster.controllers.certificates import CertificateController
from greenroom.local.cluster.controllers.cron_job import CronJobController
from greenroom.local.cluster.controllers.daemon_set import DaemonSetController
from greenroom.local.cluster.controllers.deployment import DeploymentController
from greenroom.local.cluster.controllers.disruption import DisruptionController
from greenroom.local.cluster.controllers.endpoints import EndpointsController
from greenroom.local.cluster.controllers.external_secrets import ExternalSecretController
from greenroom.local.cluster.controllers.garbage import GarbageCollector, NamespaceController
from greenroom.local.cluster.controllers.gateways import GatewayController, ListenerSetController
from greenroom.local.cluster.controllers.job import JobController
from greenroom.local.cluster.controllers.kubelet import Kubelet
from greenroom.local.cluster.controllers.loop import Context, Controller, ControllerLoop, Key, key_of
from greenroom.local.cluster.controllers.readiness import READY_KINDS, ReadinessController
from greenroom.local.cluster.controllers.recorder import Recorder
from greenroom.local.cluster.controllers.references import names_of_secrets
from greenroom.local.cluster.controllers.replica_set import ReplicaSetController
from greenroom.local.cluster.controllers.routes import RouteController
from greenroom.local.cluster.controllers.stateful_set import StatefulSetController
from greenroom.local.cluster.controllers.syncing import target_of
from greenroom.local.cluster.controllers.volumes import VolumeController
from greenroom.local.cluster.objects import Manifest, evolve, is_deleting, name_of, namespace_of, timestamp
from greenroom.local.cluster.operations import DeleteOptions, Operations
from greenroom.local.cluster.persistence import State
from greenroom.local.cluster.reachability import Reachability
from greenroom.local.cluster.resources import (
    CRON_JOBS,
    DEPLOYMENTS,
    EXTERNAL_SECRETS,
    JOBS,
    PODS,
    REPLICA_SETS,
    resource_of_kind,
)
from greenroom.local.cluster.seeds import sow
from greenroom.local.cluster.storage import Change, Store

_MANAGER = "greenroom-simulation"
# What can be broken, the first of a name that is there.
_BREAKABLE = (DEPLOYMENTS, CRON_JOBS)
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
        self._external_secrets = ExternalSecretController(context, self._is_refused)
        self._add(context)
        if state is not None:
            self._restore(state)

    def _add(self, context: Context) -> None:
        controllers: list[Controller] = [
            self._deployments,
            ReplicaSetController(context),
            StatefulSetController(context),
            DaemonSetController(context),
            JobController(context),
            CronJobController(context),
            self._kubelet,
            EndpointsController(context),
            AutoscalerController(context),
            DisruptionController(context),
            VolumeController(context),
            *(ReadinessController(context, kind) for kind in READY_KINDS),
            GatewayController(context),
            ListenerSetController(context),
            RouteController(context),
            CertificateController(context),
            self._external_secrets,
            NamespaceController(context),
            GarbageCollector(context),
        ]
        for controller in controllers:
            self._loop.add(controller)

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
        """Break a deployment, or the runs of a schedule, until it is healed.

        Raises StatusError when there is none of that name, or several, and for a schedule's rollout, which it has none of.
        """
        found = self._find(deployment, namespace)
        if found["kind"] == "CronJob" and how in BY_ROLLOUT:
            raise errors.bad_request(f'how: "{how}" is a rollout, which a schedule has none of')
        self._breakages[key_of(found)] = how
        message = f"Broken on purpose, to be seen: {how} (simulated by Greenroom)"
        self._recorder.record(found, "SimulatedBreakage", message, source=_MANAGER, kind="Warning")
        if how in BY_ROLLOUT:
            self._roll_out(found)
        for pod in self._pods_of(found):
            if how in BY_REPLACEMENT and not is_deleting(pod):
                self.operations.delete(PODS, namespace_of(pod), name_of(pod), DeleteOptions())
        self._look_at(found)

    def heal(self, deployment: str, *, namespace: str | None = None) -> None:
        """End a breakage; its pods come up again. Raises StatusError when there is no such deployment or schedule."""
        found = self._find(deployment, namespace)
        if self._breakages.pop(key_of(found), None) is None:
            return
        self._recorder.record(found, "SimulatedBreakageEnded", "Healed (simulated by Greenroom)", source=_MANAGER)
        self._look_at(found)

    def _look_at(self, found: Manifest) -> None:
        """Let everything notice that is broken or healed with it."""
        for pod in self._pods_of(found):
            self._loop.enqueue(self._kubelet, key_of(pod))
        for external in self.store.objects(EXTERNAL_SECRETS, namespace_of(found)):
            self._loop.enqueue(self._external_secrets, key_of(external))
        if found["kind"] == "Deployment":
            self._loop.enqueue(self._deployments, key_of(found))

    def _find(self, name: str, namespace: str | None) -> Manifest:
        for kind in _BREAKABLE:
            found = [each for each in self.store.objects(kind, namespace) if name_of(each) == name]
            if len(found) > 1:
                spaces = ", ".join(map(namespace_of, found))
                raise errors.bad_request(f'namespace: Required value: {kind.plural} named "{name}" are in {spaces}')
            if found:
                return found[0]
        raise errors.not_found(DEPLOYMENTS.plural, DEPLOYMENTS.group, name)

    def _pods_of(self, found: Manifest) -> list[Manifest]:
        between = REPLICA_SETS if found["kind"] == "Deployment" else JOBS
        return [pod for each in self.store.owned(found, between) for pod in self.store.owned(each, PODS)]

    def _is_refused(self, external: Manifest) -> bool:
        """Whether a deployment or schedule that is broken by its secrets is given this one."""
        namespace, target = namespace_of(external), target_of(external)
        names = [name for (space, name), how in self._breakages.items() if (space, how) == (namespace, "secret")]
        workloads = [each for kind in _BREAKABLE for name in names if (each := self.store.get(kind, namespace, name))]
        return any(target == name_of(each) or target in names_of_secrets(_pod_spec(each)) for each in workloads)

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
        if change.resource in _BREAKABLE and change.type == "DELETED":
            self._breakages.pop(key_of(change.object), None)

    def _restore(self, state: State) -> None:
        known = ((resource_of_kind(each["apiVersion"], each["kind"]), each) for each in state.objects)
        self.store.load((kind, manifest) for kind, manifest in known if kind is not None)
        valid = {(space, name): how for space, name, how in state.breakages}
        self._breakages.update({key: each for key, how in valid.items() for each in BREAKAGES if each == how})
        self._recorder.load()


def _pod_spec(workload: Manifest) -> Manifest:
    spec = workload["spec"]["jobTemplate"]["spec"] if workload["kind"] == "CronJob" else workload["spec"]
    found: Manifest = spec["template"]["spec"]
    return found
