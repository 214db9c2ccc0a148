"""What all controllers of workloads do with pods: make them from a template, count them, choose whom to end."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Final

from greenroom.local.cluster.admission import safe_encode
from greenroom.local.cluster.controllers.loop import MANAGER, Context
from greenroom.local.cluster.objects import (
    Manifest,
    condition_of,
    duplicate,
    is_deleting,
    moment_of,
    name_of,
    namespace_of,
    owner_reference,
)
from greenroom.local.cluster.operations import DeleteOptions, options_of
from greenroom.local.cluster.pod_summary import is_ready
from greenroom.local.cluster.resources import PODS

_HASH_LENGTH: Final = 10


def template_hash(template: Manifest) -> str:
    """A name for a pod template: the same for the same template."""
    text = json.dumps(template, sort_keys=True, separators=(",", ":"))
    return safe_encode(hashlib.sha256(text.encode()).digest(), _HASH_LENGTH)


def create_pod(
    context: Context, owner: Manifest, *, name: str = "", labels: dict[str, str] | None = None, node: str = ""
) -> Manifest:
    """A pod of the owner's template; named by the server when no name is given."""
    template = duplicate(owner["spec"]["template"])
    metadata = template.get("metadata") or {}
    metadata["labels"] = {**(metadata.get("labels") or {}), **(labels or {})}
    metadata |= {"name": name} if name else {"generateName": f"{name_of(owner)}-"}
    metadata["ownerReferences"] = [owner_reference(owner)]
    spec = {**template["spec"], **({"nodeName": node} if node else {})}
    body = {"kind": "Pod", "apiVersion": "v1", "metadata": metadata, "spec": spec}
    return context.operations.create(PODS, namespace_of(owner), body, options_of(MANAGER))


def delete_pod(context: Context, pod: Manifest) -> None:
    """End a pod, with its grace period."""
    context.operations.delete(PODS, namespace_of(pod), name_of(pod), DeleteOptions())


def active(pods: list[Manifest]) -> list[Manifest]:
    """The pods that count: neither ending nor at their end."""
    return [pod for pod in pods if not is_deleting(pod) and pod["status"]["phase"] not in {"Succeeded", "Failed"}]


def terminating(pods: list[Manifest]) -> int:
    """How many pods are on their way out."""
    return sum(1 for pod in pods if is_deleting(pod) and pod["status"]["phase"] not in {"Succeeded", "Failed"})


def ready(pods: list[Manifest]) -> list[Manifest]:
    """The pods that are ready."""
    return [pod for pod in pods if is_ready(pod)]


def available(context: Context, pods: list[Manifest], minimum: int) -> list[Manifest]:
    """The pods that have been ready for `minimum` seconds (at pace 1)."""
    return [pod for pod in pods if is_ready(pod) and seconds_until_available(context, pod, minimum) <= 0]


def seconds_until_available(context: Context, pod: Manifest, minimum: int) -> float:
    """How long, in real seconds, a ready pod still has to stay ready to count as available."""
    condition = condition_of(pod, "Ready")
    if not minimum or condition is None:
        return 0.0
    since = moment_of(condition["lastTransitionTime"])
    return (since + timedelta(seconds=minimum * context.pace) - context.clock.now()).total_seconds()


def first_to_end(pods: list[Manifest]) -> list[Manifest]:
    """Pods in the order in which they are given up: not scheduled, not ready, then the youngest."""
    return sorted(
        sorted(pods, key=lambda pod: (pod["metadata"]["creationTimestamp"], name_of(pod)), reverse=True),
        key=lambda pod: (bool(pod["spec"].get("nodeName")), is_ready(pod)),
    )
