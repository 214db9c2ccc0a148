"""What the API server refuses (422), in its words: the mistakes that people make, not the whole of Kubernetes.

The types of the fields have been checked before (shapes.py); here it is about their values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from foundation.schedules import zone_of
from greenroom.local.cluster.errors import Cause, invalid
from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.resources import Resource
from greenroom.local.cluster.selectors import match_selector

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN: Final = _LABEL + r"(\." + _LABEL + ")*"
_SUBDOMAIN_MESSAGE: Final = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
    f"and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '{_SUBDOMAIN}')"
)
_LABEL_MESSAGE: Final = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
    f"with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '{_LABEL}')"
)
_SERVICE: Final = r"[a-z]([-a-z0-9]*[a-z0-9])?"
_SERVICE_MESSAGE: Final = (
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, "
    "and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is "
    f"'{_SERVICE}')"
)
# RFC 1123: labels up to 63 characters, names up to 253.
_LABEL_LENGTH: Final = 63
_SUBDOMAIN_LENGTH: Final = 253
_LABEL_VALUE = re.compile(r"(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?")
_PORTS: Final = range(1, 65536)

# What Kubernetes takes as a schedule beside five fields; `@every 5m` it takes, too, and the simulation does not.
_NICKNAMES: Final = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
# Eleven characters are left for the time in a job's name.
_CRON_JOB_LENGTH: Final = 52

_PERCENTAGE = re.compile(r"[0-9]{1,5}%")
_OPERATORS: Final = frozenset({"In", "NotIn", "Exists", "DoesNotExist"})
# Every pod costs some 10 KiB here, and all of them are looked at when one changes.
MOST_PODS: Final = 1000

_Causes = Iterator[Cause]


def validate(kind: Resource, manifest: Manifest, old: Manifest | None) -> None:
    """Refuse an object that is wrong, or that changes what must not change from `old`.

    Raises StatusError (422) with all causes.
    """
    causes = [*_name_causes(kind, manifest), *_label_causes(manifest)]
    check = _BY_KIND.get(kind.kind)
    if check is not None:
        causes.extend(check(manifest, old))
    if causes:
        raise invalid(kind.kind, kind.group, str(manifest["metadata"].get("name", "")), causes)


def required(field: str, why: str = "") -> Cause:
    """A field is missing."""
    return Cause("FieldValueRequired", f"Required value{': ' + why if why else ''}", field)


def wrong(field: str, value: Any, why: str) -> Cause:
    """A field has a value that is not allowed."""
    return Cause("FieldValueInvalid", f"Invalid value: {json.dumps(value)}: {why}", field)


def _unsupported(field: str, value: Any, supported: tuple[str, ...]) -> Cause:
    quoted = ", ".join(f'"{each}"' for each in supported)
    message = f"Unsupported value: {json.dumps(value)}: supported values: {quoted}"
    return Cause("FieldValueNotSupported", message, field)


def _name_causes(kind: Resource, manifest: Manifest) -> _Causes:
    name = manifest["metadata"].get("name")
    if not name:
        yield required("metadata.name", "name or generateName is required")
        return
    if kind.group == "rbac.authorization.k8s.io":
        return
    pattern, message, longest = _SUBDOMAIN, _SUBDOMAIN_MESSAGE, _SUBDOMAIN_LENGTH
    if kind.kind == "Namespace":
        pattern, message, longest = _LABEL, _LABEL_MESSAGE, _LABEL_LENGTH
    elif kind.kind == "Service":
        pattern, message, longest = _SERVICE, _SERVICE_MESSAGE, _LABEL_LENGTH
    if not re.fullmatch(pattern, name):
        yield wrong("metadata.name", name, message)
    elif len(name) > longest:
        yield wrong("metadata.name", name, f"must be no more than {longest} characters")


def _label_causes(manifest: Manifest) -> _Causes:
    for key, value in (manifest["metadata"].get("labels") or {}).items():
        if len(value) > _LABEL_LENGTH or not _LABEL_VALUE.fullmatch(value):
            why = (
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and "
                "must start and end with an alphanumeric character"
            )
            yield wrong("metadata.labels", value, f"{why} (label {key!r})")


def _workload(manifest: Manifest, old: Manifest | None) -> _Causes:
    spec = manifest.get("spec") or {}
    yield from _count(spec, "replicas")
    yield from _selector(spec, old)
    yield from _pod_template(spec, "spec.template")


def _selector(spec: Manifest, old: Manifest | None) -> _Causes:
    selector = spec.get("selector")
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels")
    if not selector:
        yield required("spec.selector")
    yield from _expressions(selector or {}, "spec.selector")
    if old is not None and selector != old["spec"].get("selector"):
        yield wrong("spec.selector", selector, "field is immutable")
    elif not match_selector(selector, labels or {}):
        yield wrong("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")


def _count(spec: Manifest, field: str, path: str = "spec") -> _Causes:
    number = spec.get(field, 0)
    if number < 0:
        yield wrong(f"{path}.{field}", number, "must be greater than or equal to 0")
    elif number > MOST_PODS:
        yield wrong(f"{path}.{field}", number, f"a simulated cluster runs at most {MOST_PODS} pods of one workload")


def _amount(holder: Manifest, field: str, path: str) -> _Causes:
    value = holder.get(field, 0)
    if isinstance(value, str) and not _PERCENTAGE.fullmatch(value):
        yield wrong(f"{path}.{field}", value, "a valid percent string must be a numeric string followed by '%'")
    elif isinstance(value, int) and value < 0:
        yield wrong(f"{path}.{field}", value, "must be greater than or equal to 0")


def _expressions(selector: Manifest, path: str) -> _Causes:
    for place, expression in enumerate(selector.get("matchExpressions") or []):
        if expression["operator"] not in _OPERATORS:
            where = f"{path}.matchExpressions[{place}].operator"
            yield wrong(where, expression["operator"], "not a valid selector operator")


def _pod_template(spec: Manifest, path: str) -> _Causes:
    template = spec.get("template")
    pod = (template or {}).get("spec") or {}
    yield from _pod_spec(pod, f"{path}.spec")


def _pod_spec(pod: Manifest, path: str) -> _Causes:
    if not pod.get("containers"):
        yield required(f"{path}.containers")
    for field in ("initContainers", "containers"):
        seen: set[str] = set()
        for place, container in enumerate(pod.get(field) or []):
            yield from _container(container, f"{path}.{field}[{place}]", seen)
    policy = pod.get("restartPolicy")
    if policy not in {None, "Always", "OnFailure", "Never"}:
        yield _unsupported(f"{path}.restartPolicy", policy, ("Always", "OnFailure", "Never"))


def _container(container: Manifest, path: str, seen: set[str]) -> _Causes:
    name = container.get("name")
    if not name:
        yield required(f"{path}.name")
    elif not re.fullmatch(_LABEL, name):
        yield wrong(f"{path}.name", name, _LABEL_MESSAGE)
    elif name in seen:
        yield Cause("FieldValueDuplicate", f"Duplicate value: {json.dumps(name)}", f"{path}.name")
    else:
        seen.add(name)
    if not container.get("image"):
        yield required(f"{path}.image")
    for place, port in enumerate(container.get("ports") or []):
        number = port.get("containerPort")
        if number not in _PORTS:
            yield wrong(f"{path}.ports[{place}].containerPort", number, "must be between 1 and 65535, inclusive")


def _deployment(manifest: Manifest, old: Manifest | None) -> _Causes:
    yield from _workload(manifest, old)
    spec = manifest.get("spec") or {}
    kind = (spec.get("strategy") or {}).get("type")
    if kind not in {None, "Recreate", "RollingUpdate"}:
        yield _unsupported("spec.strategy.type", kind, ("Recreate", "RollingUpdate"))
    rolling = (spec.get("strategy") or {}).get("rollingUpdate") or {}
    for field in ("maxSurge", "maxUnavailable"):
        yield from _amount(rolling, field, "spec.strategy.rollingUpdate")
    deadline = spec.get("progressDeadlineSeconds")
    if isinstance(deadline, int) and deadline <= spec.get("minReadySeconds", 0):
        yield wrong("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")


def _pod(manifest: Manifest, old: Manifest | None) -> _Causes:
    yield from _pod_spec(manifest.get("spec") or {}, "spec")
    if old is not None and _fixed_part(manifest) != _fixed_part(old):
        message = (
            "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
            "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to "
            "existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
            "previously negative)"
        )
        yield Cause("FieldValueForbidden", message, "spec")


def _fixed_part(manifest: Manifest) -> Manifest:
    changeable = {"activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "nodeName"}
    spec = {key: value for key, value in (manifest.get("spec") or {}).items() if key not in changeable}
    for field in ("containers", "initContainers"):
        if field in spec:
            spec[field] = [{key: item[key] for key in item if key != "image"} for item in spec[field]]
    return spec


def _job(manifest: Manifest, old: Manifest | None) -> _Causes:
    spec = manifest.get("spec") or {}
    yield from _pod_template(spec, "spec.template")
    yield from _job_counts(spec, "spec")
    yield from _restart_policy(spec, "spec")
    if old is not None:
        for field in ("template", "selector", "completions"):
            if spec.get(field) != old["spec"].get(field):
                yield wrong(f"spec.{field}", spec.get(field), "field is immutable")


def _job_counts(spec: Manifest, path: str) -> _Causes:
    for field in ("completions", "parallelism"):
        yield from _count(spec, field, path)
    for field in ("backoffLimit", "activeDeadlineSeconds", "ttlSecondsAfterFinished"):
        if spec.get(field, 0) < 0:
            yield wrong(f"{path}.{field}", spec[field], "must be greater than or equal to 0")


def _restart_policy(job_spec: Manifest, path: str) -> _Causes:
    policy = ((job_spec.get("template") or {}).get("spec") or {}).get("restartPolicy")
    if policy not in {"Never", "OnFailure"}:
        where = f"{path}.template.spec.restartPolicy"
        yield Cause("FieldValueRequired", 'Required value: valid values: "OnFailure", "Never"', where)


def _cron_job(manifest: Manifest, _: Manifest | None) -> _Causes:
    # Loaded only when needed: the room of the service document is large.
    from foundation.service.cron import cron_fault

    spec = manifest.get("spec") or {}
    name, schedule, zone = manifest["metadata"].get("name", ""), spec.get("schedule"), spec.get("timeZone")
    if len(name) > _CRON_JOB_LENGTH:
        yield wrong("metadata.name", name, f"must be no more than {_CRON_JOB_LENGTH} characters")
    if not schedule:
        yield required("spec.schedule")
    elif schedule not in _NICKNAMES and (fault := cron_fault(schedule)):
        yield wrong("spec.schedule", schedule, fault)
    if zone is not None and zone_of(zone) is None:
        yield wrong("spec.timeZone", zone, f"unknown time zone {zone}")
    policies = ("Allow", "Forbid", "Replace")
    if spec.get("concurrencyPolicy") not in policies:
        yield _unsupported("spec.concurrencyPolicy", spec.get("concurrencyPolicy"), policies)
    for field in ("startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"):
        if spec.get(field, 0) < 0:
            yield wrong(f"spec.{field}", spec[field], "must be greater than or equal to 0")
    job_spec = (spec.get("jobTemplate") or {}).get("spec") or {}
    yield from _pod_template(job_spec, "spec.jobTemplate.spec.template")
    yield from _restart_policy(job_spec, "spec.jobTemplate.spec")
    yield from _job_counts(job_spec, "spec.jobTemplate.spec")


def _service(manifest: Manifest, _: Manifest | None) -> _Causes:
    spec = manifest.get("spec") or {}
    kinds = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
    if spec.get("type") not in kinds:
        yield _unsupported("spec.type", spec.get("type"), kinds)
    ports = spec.get("ports") or []
    if not ports and spec.get("type") != "ExternalName" and spec.get("clusterIP") != "None":
        yield required("spec.ports")
    for place, port in enumerate(ports):
        number = port.get("port")
        if number not in _PORTS:
            yield wrong(f"spec.ports[{place}].port", number, "must be between 1 and 65535, inclusive")
        elif len(ports) > 1 and not port.get("name"):
            yield required(f"spec.ports[{place}].name")


def _autoscaler(manifest: Manifest, _: Manifest | None) -> _Causes:
    spec = manifest.get("spec") or {}
    target = spec.get("scaleTargetRef") or {}
    for field in ("kind", "name"):
        if not target.get(field):
            yield required(f"spec.scaleTargetRef.{field}")
    least, most = spec.get("minReplicas", 1), spec.get("maxReplicas", 0)
    if least < 1:
        yield wrong("spec.minReplicas", least, "must be greater than or equal to 1")
    if most < 1:
        yield wrong("spec.maxReplicas", most, "must be greater than 0")
    elif most < least:
        yield wrong("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")


def _budget(manifest: Manifest, _: Manifest | None) -> _Causes:
    spec = manifest.get("spec") or {}
    if "minAvailable" in spec and "maxUnavailable" in spec:
        why = "minAvailable and maxUnavailable cannot be both set"
        yield wrong("spec", {key: spec[key] for key in ("minAvailable", "maxUnavailable")}, why)
    for field in ("minAvailable", "maxUnavailable"):
        yield from _amount(spec, field, "spec")
    yield from _expressions(spec.get("selector") or {}, "spec.selector")


_BY_KIND: Final[dict[str, Callable[[Manifest, Manifest | None], _Causes]]] = {
    "Deployment": _deployment,
    "ReplicaSet": _workload,
    "StatefulSet": _workload,
    "DaemonSet": _workload,
    "Pod": _pod,
    "Job": _job,
    "CronJob": _cron_job,
    "Service": _service,
    "HorizontalPodAutoscaler": _autoscaler,
    "PodDisruptionBudget": _budget,
}
