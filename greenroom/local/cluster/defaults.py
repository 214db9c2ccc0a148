"""The values that the API server fills in where an object leaves them out."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Final

from greenroom.local.cluster.objects import Manifest, uid_of

# On every namespace and node.
SIMULATED_ANNOTATION: Final = "greenroom.local/simulated"


def with_defaults(manifest: Manifest) -> None:
    """Fill in the defaults of the object's kind, in place; call it on a copy that nobody else holds."""
    fill = _BY_KIND.get(manifest["kind"])
    if fill is not None:
        fill(manifest)


def _fill(target: Manifest, **defaults: Any) -> None:
    for field, value in defaults.items():
        target.setdefault(field, value)


def _spec(manifest: Manifest) -> Manifest:
    spec = manifest.setdefault("spec", {})
    return spec if isinstance(spec, dict) else {}


def _items(holder: Manifest, field: str) -> list[Manifest]:
    found = holder.get(field)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _pod(manifest: Manifest) -> None:
    spec = _spec(manifest)
    _pod_spec(spec)
    _fill(spec, serviceAccountName="default", enableServiceLinks=True, priority=0)
    _fill(spec, preemptionPolicy="PreemptLowerPriority")


def _template(spec: Manifest, *, restart_policy: str | None = "Always") -> None:
    template = spec.get("template")
    if isinstance(template, dict) and isinstance(template.get("spec"), dict):
        template.setdefault("metadata", {})
        _pod_spec(template["spec"], restart_policy)


def _pod_spec(spec: Manifest, restart_policy: str | None = "Always") -> None:
    for field in ("initContainers", "containers"):
        for container in _items(spec, field):
            _container(container)
    for volume in _items(spec, "volumes"):
        for source in ("secret", "configMap", "projected", "downwardAPI"):
            if isinstance(volume.get(source), dict):
                _fill(volume[source], defaultMode=420)
    if restart_policy:
        _fill(spec, restartPolicy=restart_policy)
    _fill(spec, terminationGracePeriodSeconds=30, dnsPolicy="ClusterFirst", securityContext={})
    _fill(spec, schedulerName="default-scheduler")


def _container(container: Manifest) -> None:
    image = str(container.get("image", "")).rpartition("/")[2]
    moving = ":" not in image or image.endswith(":latest")
    _fill(container, resources={}, terminationMessagePath="/dev/termination-log", terminationMessagePolicy="File")
    _fill(container, imagePullPolicy="Always" if moving else "IfNotPresent")
    for port in _items(container, "ports"):
        _fill(port, protocol="TCP")
    for variable in _items(container, "env"):
        source = variable.get("valueFrom")
        if isinstance(source, dict) and isinstance(source.get("fieldRef"), dict):
            _fill(source["fieldRef"], apiVersion="v1")
    for field in ("livenessProbe", "readinessProbe", "startupProbe"):
        if isinstance(container.get(field), dict):
            _probe(container[field])


def _probe(probe: Manifest) -> None:
    _fill(probe, timeoutSeconds=1, periodSeconds=10, successThreshold=1, failureThreshold=3)
    if isinstance(probe.get("httpGet"), dict):
        _fill(probe["httpGet"], scheme="HTTP", path="/")


def _deployment(manifest: Manifest) -> None:
    spec = _spec(manifest)
    _fill(spec, replicas=1, strategy={}, revisionHistoryLimit=10, progressDeadlineSeconds=600)
    strategy = spec["strategy"]
    if isinstance(strategy, dict):
        _fill(strategy, type="RollingUpdate")
        if strategy["type"] == "RollingUpdate":
            _fill(strategy, rollingUpdate={})
            _fill(strategy["rollingUpdate"], maxUnavailable="25%", maxSurge="25%")
    _template(spec)


def _replica_set(manifest: Manifest) -> None:
    _fill(_spec(manifest), replicas=1)
    _template(_spec(manifest))


def _stateful_set(manifest: Manifest) -> None:
    spec = _spec(manifest)
    _fill(spec, replicas=1, serviceName="", podManagementPolicy="OrderedReady", revisionHistoryLimit=10)
    _fill(spec, updateStrategy={"type": "RollingUpdate", "rollingUpdate": {"partition": 0}})
    _fill(spec, persistentVolumeClaimRetentionPolicy={"whenDeleted": "Retain", "whenScaled": "Retain"})
    _template(spec)


def _daemon_set(manifest: Manifest) -> None:
    spec = _spec(manifest)
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1, "maxSurge": 0}}
    _fill(spec, updateStrategy=rolling, revisionHistoryLimit=10)
    _template(spec)


def _job(manifest: Manifest) -> None:
    spec = _spec(manifest)
    _fill(spec, parallelism=1, completions=1, backoffLimit=6, completionMode="NonIndexed", suspend=False)
    _fill(spec, manualSelector=False, podReplacementPolicy="TerminatingOrFailed")
    _template(spec, restart_policy=None)
    if "uid" not in manifest["metadata"] or "selector" in spec:
        return
    uid, name = uid_of(manifest), manifest["metadata"].get("name", "")
    spec["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}
    labels = {
        "batch.kubernetes.io/controller-uid": uid,
        "batch.kubernetes.io/job-name": name,
        "controller-uid": uid,
        "job-name": name,
    }
    template = spec.get("template")
    if isinstance(template, dict):
        metadata = template.setdefault("metadata", {})
        metadata["labels"] = {**(metadata.get("labels") or {}), **labels}


def _cron_job(manifest: Manifest) -> None:
    spec = _spec(manifest)
    _fill(spec, concurrencyPolicy="Allow", suspend=False, successfulJobsHistoryLimit=3, failedJobsHistoryLimit=1)
    inner = spec.get("jobTemplate", {}).get("spec") if isinstance(spec.get("jobTemplate"), dict) else None
    if isinstance(inner, dict):
        _template(inner, restart_policy=None)


def _service(manifest: Manifest) -> None:
    spec = _spec(manifest)
    _fill(spec, type="ClusterIP", sessionAffinity="None")
    if spec["type"] != "ExternalName":
        _fill(spec, ipFamilies=["IPv4"], ipFamilyPolicy="SingleStack", internalTrafficPolicy="Cluster")
    for port in _items(spec, "ports"):
        _fill(port, protocol="TCP", targetPort=port.get("port"))


def _secret(manifest: Manifest) -> None:
    _fill(manifest, type="Opaque")
    plain = manifest.pop("stringData", None)
    if isinstance(plain, dict):
        encoded = {key: base64.b64encode(str(value).encode()).decode() for key, value in plain.items()}
        manifest["data"] = {**(manifest.get("data") or {}), **encoded}


def _namespace(manifest: Manifest) -> None:
    _fill(_spec(manifest), finalizers=["kubernetes"])
    manifest.setdefault("status", {}).setdefault("phase", "Active")
    metadata = manifest["metadata"]
    labels = {"kubernetes.io/metadata.name": metadata.get("name", "")}
    metadata["labels"] = {**(metadata.get("labels") or {}), **labels}
    # Whoever looks at a namespace sees that nothing in it is real.
    metadata["annotations"] = {**(metadata.get("annotations") or {}), SIMULATED_ANNOTATION: "true"}


def _autoscaler(manifest: Manifest) -> None:
    target = {"type": "Utilization", "averageUtilization": 80}
    _fill(_spec(manifest), minReplicas=1, metrics=[{"type": "Resource", "resource": {"name": "cpu", "target": target}}])


def _claim(manifest: Manifest) -> None:
    _fill(_spec(manifest), volumeMode="Filesystem", storageClassName="simulated")
    manifest.setdefault("status", {}).setdefault("phase", "Pending")


def _network_policy(manifest: Manifest) -> None:
    spec = _spec(manifest)
    _fill(spec, policyTypes=["Ingress", *(["Egress"] if "egress" in spec else [])])


_BY_KIND: Final[dict[str, Callable[[Manifest], None]]] = {
    "Pod": _pod,
    "Deployment": _deployment,
    "ReplicaSet": _replica_set,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "Job": _job,
    "CronJob": _cron_job,
    "Service": _service,
    "Secret": _secret,
    "Namespace": _namespace,
    "HorizontalPodAutoscaler": _autoscaler,
    "PersistentVolumeClaim": _claim,
    "NetworkPolicy": _network_policy,
}
