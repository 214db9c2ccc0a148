"""What `kubectl get` shows of each kind: the columns of the server's tables."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from greenroom.local.cluster.cells import AGE, NAME, Cell, Column, age, at
from greenroom.local.cluster.custom.definitions import definition_of
from greenroom.local.cluster.objects import Manifest, is_deleting, moment_of
from greenroom.local.cluster.pod_summary import pod_readiness, pod_reason, pod_restarts
from greenroom.local.cluster.resources import Resource
from greenroom.local.cluster.selectors import selector_text


def columns_of(kind: Resource) -> tuple[Column, ...]:
    """The columns of a resource: name, its own, age; of a custom one those that its definition names."""
    defined = definition_of(kind)
    if defined is not None:
        return (NAME, *(defined.columns or (AGE,)))
    own = _COLUMNS.get(kind.kind, ())
    if kind.kind == "Event":
        return own
    normal = tuple(column for column in own if not column.priority)
    return (NAME, *normal, AGE, *(column for column in own if column.priority))


def _number(name: str, path: str) -> Column:
    return Column(name, at(path, 0), "integer")


def _containers(manifest: Manifest) -> list[Manifest]:
    template: list[Manifest] = manifest["spec"].get("template", {}).get("spec", {}).get("containers") or []
    return template


def _container_names(manifest: Manifest, _: datetime) -> str:
    return ",".join(container["name"] for container in _containers(manifest))


def _images(manifest: Manifest, _: datetime) -> str:
    return ",".join(container.get("image", "") for container in _containers(manifest))


def _selector(manifest: Manifest, _: datetime) -> str:
    return selector_text(manifest["spec"].get("selector"))


def _ready(manifest: Manifest, _: datetime) -> str:
    return f"{manifest.get('status', {}).get('readyReplicas', 0)}/{manifest['spec'].get('replicas', 0)}"


def _service_address(manifest: Manifest, _: datetime) -> str:
    given = (manifest.get("status", {}).get("loadBalancer") or {}).get("ingress") or []
    return ",".join(each.get("ip") or each.get("hostname", "") for each in given) or "<none>"


def _service_ports(manifest: Manifest, _: datetime) -> str:
    ports = manifest["spec"].get("ports") or []
    texts = [
        f"{each['port']}{':' + str(each['nodePort']) if 'nodePort' in each else ''}/{each['protocol']}"
        for each in ports
    ]
    return ",".join(texts) or "<none>"


def _service_selector(manifest: Manifest, _: datetime) -> str:
    return selector_text({"matchLabels": manifest["spec"].get("selector") or {}}) or "<none>"


def _node_status(manifest: Manifest, _: datetime) -> str:
    return "Ready" if manifest.get("status", {}).get("conditions") else "NotReady"


def _job_status(manifest: Manifest, _: datetime) -> str:
    conditions = manifest.get("status", {}).get("conditions") or []
    true = [condition["type"] for condition in conditions if condition["status"] == "True"]
    return true[-1] if true else "Running"


def _job_completions(manifest: Manifest, _: datetime) -> str:
    return f"{manifest.get('status', {}).get('succeeded', 0)}/{manifest['spec'].get('completions', 1)}"


def _job_duration(manifest: Manifest, now: datetime) -> str:
    status = manifest.get("status", {})
    if not status.get("startTime"):
        return ""
    end = moment_of(status["completionTime"]) if status.get("completionTime") else now
    return age(status["startTime"], end)


def _last_schedule(manifest: Manifest, now: datetime) -> str:
    last = manifest.get("status", {}).get("lastScheduleTime")
    return age(last, now) if last else "<none>"


def _scheduled(cell: Cell) -> Cell:
    """A cell of the Job that a schedule makes."""
    return lambda manifest, now: cell({"spec": manifest["spec"]["jobTemplate"]["spec"]}, now)


def _reference(manifest: Manifest, _: datetime) -> str:
    target = manifest["spec"]["scaleTargetRef"]
    return f"{target['kind']}/{target['name']}"


def _targets(manifest: Manifest, _: datetime) -> str:
    found = []
    current = {each.get("resource", {}).get("name"): each for each in manifest["status"].get("currentMetrics") or []}
    for metric in manifest["spec"].get("metrics") or []:
        named = metric.get("resource", {})
        now = current.get(named.get("name"), {}).get("resource", {}).get("current", {}).get("averageUtilization")
        wanted = named.get("target", {}).get("averageUtilization", "<unknown>")
        found.append(f"{named.get('name')}: {'<unknown>' if now is None else f'{now}%'}/{wanted}%")
    return ", ".join(found) or "<none>"


def _hosts(manifest: Manifest, _: datetime) -> str:
    return ",".join(rule.get("host", "*") for rule in (manifest.get("spec") or {}).get("rules") or []) or "*"


def _last_seen(manifest: Manifest, now: datetime) -> str:
    return age(manifest.get("lastTimestamp") or manifest.get("eventTime"), now)


def _involved(manifest: Manifest, _: datetime) -> str:
    involved = manifest.get("involvedObject", {})
    return f"{str(involved.get('kind', '')).lower()}/{involved.get('name', '')}"


def _namespace_phase(manifest: Manifest, _: datetime) -> str:
    return "Terminating" if is_deleting(manifest) else str(manifest.get("status", {}).get("phase", ""))


def _count_data(manifest: Manifest, _: datetime) -> int:
    return len(manifest.get("data") or {}) + len(manifest.get("binaryData") or {})


def _count_addresses(manifest: Manifest, _: datetime) -> str:
    found = [
        f"{address['ip']}:{port['port']}"
        for subset in manifest.get("subsets") or []
        for address in subset.get("addresses") or []
        for port in subset.get("ports") or []
    ]
    return ",".join(found) or "<none>"


_WIDE: Final = (
    Column("Containers", _container_names, priority=1),
    Column("Images", _images, priority=1),
    Column("Selector", _selector, priority=1),
)

_COLUMNS: Final[dict[str, tuple[Column, ...]]] = {
    "Pod": (
        Column("Ready", lambda pod, _: pod_readiness(pod)),
        Column("Status", lambda pod, _: pod_reason(pod)),
        Column("Restarts", pod_restarts),
        Column("IP", at("status.podIP", "<none>"), priority=1),
        Column("Node", at("spec.nodeName", "<none>"), priority=1),
    ),
    "Deployment": (
        Column("Ready", _ready),
        _number("Up-to-date", "status.updatedReplicas"),
        _number("Available", "status.availableReplicas"),
        *_WIDE,
    ),
    "ReplicaSet": (
        _number("Desired", "spec.replicas"),
        _number("Current", "status.replicas"),
        _number("Ready", "status.readyReplicas"),
        *_WIDE,
    ),
    "StatefulSet": (Column("Ready", _ready), *_WIDE[:2]),
    "DaemonSet": (
        _number("Desired", "status.desiredNumberScheduled"),
        _number("Current", "status.currentNumberScheduled"),
        _number("Ready", "status.numberReady"),
        _number("Up-to-date", "status.updatedNumberScheduled"),
        _number("Available", "status.numberAvailable"),
        *_WIDE,
    ),
    "Job": (
        Column("Status", _job_status),
        Column("Completions", _job_completions),
        Column("Duration", _job_duration),
        *_WIDE,
    ),
    "CronJob": (
        Column("Schedule", at("spec.schedule")),
        Column("Timezone", at("spec.timeZone", "<none>")),
        Column("Suspend", lambda job, _: str(job["spec"].get("suspend", False))),
        Column("Active", lambda job, _: len(job.get("status", {}).get("active") or []), "integer"),
        Column("Last Schedule", _last_schedule),
        Column("Containers", _scheduled(_container_names), priority=1),
        Column("Images", _scheduled(_images), priority=1),
    ),
    "HorizontalPodAutoscaler": (
        Column("Reference", _reference),
        Column("Targets", _targets),
        Column("MinPods", at("spec.minReplicas", 1), "integer"),
        Column("MaxPods", at("spec.maxReplicas", 0), "integer"),
        _number("Replicas", "status.currentReplicas"),
    ),
    "PodDisruptionBudget": (
        Column("Min Available", at("spec.minAvailable", "N/A")),
        Column("Max Unavailable", at("spec.maxUnavailable", "N/A")),
        _number("Allowed Disruptions", "status.disruptionsAllowed"),
    ),
    "Service": (
        Column("Type", at("spec.type")),
        Column("Cluster-IP", at("spec.clusterIP", "<none>")),
        Column("External-IP", _service_address),
        Column("Port(s)", _service_ports),
        Column("Selector", _service_selector, priority=1),
    ),
    "Ingress": (
        Column("Class", at("spec.ingressClassName", "<none>")),
        Column("Hosts", _hosts),
        Column("Address", _service_address),
    ),
    "NetworkPolicy": (
        Column("Pod-Selector", lambda policy, _: selector_text(policy["spec"].get("podSelector")) or "<none>"),
    ),
    "Namespace": (Column("Status", _namespace_phase),),
    "Node": (
        Column("Status", _node_status),
        Column("Roles", lambda *_: "simulated"),
        Column("Version", at("status.nodeInfo.kubeletVersion")),
        Column("OS-Image", at("status.nodeInfo.osImage"), priority=1),
    ),
    "ConfigMap": (Column("Data", _count_data, "integer"),),
    "Secret": (Column("Type", at("type")), Column("Data", _count_data, "integer")),
    "ServiceAccount": (Column("Secrets", lambda account, _: len(account.get("secrets") or []), "integer"),),
    "Endpoints": (Column("Endpoints", _count_addresses),),
    "PersistentVolumeClaim": (
        Column("Status", at("status.phase")),
        Column("Volume", at("spec.volumeName")),
        Column("Capacity", at("status.capacity.storage")),
        Column("StorageClass", at("spec.storageClassName")),
    ),
    "Event": (
        Column("Last Seen", _last_seen),
        Column("Type", at("type")),
        Column("Reason", at("reason")),
        Column("Object", _involved),
        Column("Message", at("message")),
    ),
}
