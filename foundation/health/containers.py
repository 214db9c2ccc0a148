"""What can be wrong with a container, out of its status."""

from __future__ import annotations

from msgspec import Struct

from foundation.health.findings import Predicate
from foundation.json_fields import mapping_at, number_at, text_at
from foundation.jsontypes import JsonObject

PULL_BACK_OFF = "ImagePullBackOff"
# The kubelet's reasons to wait for an image (kubernetes/pkg/kubelet/images/types.go).
IMAGE_REASONS = frozenset(
    {
        "ErrImagePull",
        PULL_BACK_OFF,
        "ErrImageNeverPull",
        "InvalidImageName",
        "ImageInspectError",
        "RegistryUnavailable",
        "SignatureValidationFailed",
    }
)
CRASH_LOOP = "CrashLoopBackOff"
OUT_OF_MEMORY = "OOMKilled"


class ContainerTrouble(Struct, frozen=True, gc=False):
    """Why a container does not run: `sentence` names it, `predicate` speaks of its pods."""

    reason: str
    sentence: str
    predicate: Predicate
    container: str
    exit_code: int | None = None


def trouble_of(status: JsonObject, spec: JsonObject, *, is_init: bool, was_ready: bool) -> ContainerTrouble | None:
    """What is wrong with the container of `status` and `spec` now; a restart that it has recovered from is not.

    `was_ready`: its pod has been ready since the container started last, so an earlier crash is over.
    """
    waiting = text_at(status, "state", "waiting", "reason")
    if waiting in IMAGE_REASONS:
        return _image_trouble(status, waiting, text_at(spec, "image"))
    if waiting == CRASH_LOOP:
        return _crash(status, mapping_at(status, "lastState", "terminated"), spec, is_init=is_init)
    # Argo CD's pattern for what the kubelet gives up on (gitops-engine/pkg/health/health_pod.go).
    if waiting.startswith("Err") or waiting.endswith(("Error", "BackOff")):
        return _start_trouble(status, waiting)
    ended = mapping_at(status, "state", "terminated")
    if ended:
        return _crash(status, ended, spec, is_init=is_init) if _failed(ended) else None
    before = mapping_at(status, "lastState", "terminated")
    running_again = mapping_at(status, "state", "running") and status.get("ready") is not True
    if running_again and _failed(before) and not was_ready:
        # Between two crashes a container runs for a while; that is no recovery until it is ready.
        return _crash(status, before, spec, is_init=is_init)
    return None


def _failed(ended: JsonObject) -> bool:
    return bool(ended) and (number_at(ended, "exitCode") != 0 or text_at(ended, "reason") == OUT_OF_MEMORY)


def _crash(status: JsonObject, ended: JsonObject, spec: JsonObject, *, is_init: bool) -> ContainerTrouble:
    name, restarts = text_at(status, "name"), number_at(status, "restartCount")
    said, reason = text_at(ended, "reason"), CRASH_LOOP
    detail = f"exit {number_at(ended, 'exitCode')}" if ended else "exit code not known"
    if said == OUT_OF_MEMORY:
        limit = text_at(spec, "resources", "limits", "memory")
        detail, reason = f"{detail} ({OUT_OF_MEMORY}{f' at {limit}' if limit else ''})", OUT_OF_MEMORY
    elif ended and not number_at(ended, "exitCode"):
        detail = f"{detail}, though it should keep running"
    where = f" in init container {name}" if is_init else ""
    times = f", {restarts} restart{'' if restarts == 1 else 's'}" if restarts else ""
    label = "Init container" if is_init else "Container"
    return ContainerTrouble(
        reason=reason,
        sentence=f"{label} {name} crashes: {detail}{times}",
        predicate=Predicate(f"crashes{where}: {detail}", f"crash{where}: {detail}"),
        container=name,
        exit_code=number_at(ended, "exitCode") if ended else None,
    )


def _image_trouble(status: JsonObject, reason: str, image: str) -> ContainerTrouble:
    what = f"image {image}" if image else "its image"
    detail = ": that is no image name" if reason == "InvalidImageName" else ""
    said = f"cannot pull {what}{detail}"
    # The kubelet goes back and forth between trying and waiting; that is one trouble.
    steady = PULL_BACK_OFF if reason == "ErrImagePull" else reason
    name = text_at(status, "name")
    return ContainerTrouble(steady, f"Container {name} {said}", Predicate(said, said), name)


def _start_trouble(status: JsonObject, reason: str) -> ContainerTrouble:
    detail = text_at(status, "state", "waiting", "message") or reason
    return ContainerTrouble(
        reason=reason,
        sentence=f"Container {text_at(status, 'name')} cannot start: {detail}",
        predicate=Predicate(f"cannot start: {detail}", f"cannot start: {detail}"),
        container=text_at(status, "name"),
    )
