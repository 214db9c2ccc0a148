"""Why the pods of a roll-out do not become ready, in words, and whether waiting could help.

The reasons are those that the kubelet reports: `pkg/kubelet/images/types.go` and `pkg/kubelet/container/sync_result.go`
in kubernetes/kubernetes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.rollouts.paths import mapping_of, metadata_of

# A first crash may come from a database that starts at the same time; the third is the service's own.
HOPELESS_RESTARTS = 3
_HOPELESS = frozenset({"ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull"})
_HOPELESS_CONFIGURATION = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError"})
# Characters of the cluster's own words.
LONGEST = 300


@dataclass(frozen=True)
class Reason:
    """What is wrong with pods. `hopeless` means that it does not pass by itself."""

    message: str
    hopeless: bool


def reason_of(pods: Sequence[JsonObject]) -> Reason | None:
    """The most telling reason among the pods; None where they are only slow."""
    found: list[tuple[Reason, int]] = []
    for pod in pods:
        for reason in _reasons(pod):
            count = sum(1 for each in pods if any(other.message == reason.message for other in _reasons(each)))
            found.append((reason, count))
    if not found:
        return None
    reason, count = max(found, key=lambda each: (each[0].hopeless, each[1]))
    which = f"{count} of {len(pods)} pods" if len(pods) > 1 else "the pod"
    return Reason(f"{which}: {reason.message}", reason.hopeless)


def pods_of_newest_revision(
    deployment: JsonObject, replica_sets: Sequence[JsonObject], pods: Sequence[JsonObject]
) -> Sequence[JsonObject]:
    """The pods that the roll-out is about: those of the revision before may crash, which is why there is a new one."""
    owner = metadata_of(deployment).get("uid")
    revision = mapping_of(metadata_of(deployment), "annotations").get(_REVISION)
    for each in replica_sets:
        metadata = metadata_of(each)
        if _owned_by(metadata, owner) and mapping_of(metadata, "annotations").get(_REVISION) == revision:
            return [pod for pod in pods if _owned_by(metadata_of(pod), metadata.get("uid")) and _is_wanted(pod)]
    return []


_REVISION = "deployment.kubernetes.io/revision"


def _owned_by(metadata: JsonObject, uid: Json) -> bool:
    owners = metadata.get("ownerReferences")
    return any(
        isinstance(each, dict) and each.get("uid") == uid for each in (owners if isinstance(owners, list) else [])
    )


def _is_wanted(pod: JsonObject) -> bool:
    return "deletionTimestamp" not in metadata_of(pod)


def _reasons(pod: JsonObject) -> Iterator[Reason]:
    status = mapping_of(pod, "status")
    for field in ("initContainerStatuses", "containerStatuses"):
        statuses = status.get(field)
        for each in statuses if isinstance(statuses, list) else []:
            if isinstance(each, dict):
                yield from _container_reasons(each)
    conditions = status.get("conditions")
    for each in conditions if isinstance(conditions, list) else []:
        if isinstance(each, dict) and each.get("type") == "PodScheduled" and each.get("status") == "False":
            # More nodes may be on their way.
            yield Reason(f"no node for it: {_short(each.get('message') or each.get('reason'))}", hopeless=False)


def _container_reasons(container: JsonObject) -> Iterator[Reason]:
    name = container.get("name")
    waiting = mapping_of(mapping_of(container, "state"), "waiting")
    reason = str(waiting.get("reason") or "")
    if reason in _HOPELESS:
        yield Reason(f"the image of {name} cannot be pulled: {_short(waiting.get('message') or reason)}", hopeless=True)
    elif reason in _HOPELESS_CONFIGURATION:
        yield Reason(f"{name} cannot be started: {_short(waiting.get('message') or reason)}", hopeless=True)
    ended = mapping_of(mapping_of(container, "state"), "terminated") or (
        mapping_of(mapping_of(container, "lastState"), "terminated") if reason == "CrashLoopBackOff" else {}
    )
    if ended and ended.get("exitCode") != 0:
        why = ended.get("reason")
        detail = f" ({why})" if why and why != "Error" else ""
        restarts = container.get("restartCount")
        often = isinstance(restarts, int) and restarts >= HOPELESS_RESTARTS
        yield Reason(f"{name} crashes: exit {ended.get('exitCode')}{detail}", hopeless=often)


def _short(message: Json) -> str:
    text = " ".join(str(message).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
