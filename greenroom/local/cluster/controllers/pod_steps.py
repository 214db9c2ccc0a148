"""What happens next to a simulated pod: a pure function of the pod and of how it is broken.

The pod's own status is the only state, so a restarted server goes on where it was. All times are
seconds at pace 1; they are short enough to watch and long enough to be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from greenroom.local.cluster.breakage import Breakage
from greenroom.local.cluster.controllers import pod_status
from greenroom.local.cluster.objects import Manifest, is_deleting, name_of, namespace_of, uid_of

# (reason, message, type), with the kubelet as the source.
Note = tuple[str, str, str]
Act = Callable[[Manifest, str], Manifest]

_PULL: Final = 0.8
_INITIALISE: Final = 0.5
_BECOME_READY: Final = 1.0
# A container that crashes, or a job's that works, runs for so long.
_RUN_BEFORE_CRASH: Final = 0.5
_WORK: Final = 2.0
_SLOW_READY: Final = 60.0
# Seconds that a pod takes to end, whatever its grace period: nothing runs in it that could want more.
_LONGEST_END: Final = 1.0
# The kubelet's back-off: 10 s, doubled up to 5 min.
_FIRST_BACK_OFF: Final = 10.0
_LONGEST_BACK_OFF: Final = 300.0
# Until the kubelet looks again at a container that it could not make.
_LOOK_AGAIN: Final = 0.2
_CONFIG_ERROR: Final = "CreateContainerConfigError"
# Exit codes of a process that gave up, and of one that the kernel killed (128 + SIGKILL).
_GAVE_UP: Final = 1
_KILLED: Final = 137


@dataclass(frozen=True)
class Step:
    """What happens to a pod after so many seconds: its next status, and what is noted of it.

    `name` tells steps apart: one that is waiting is not started anew by other changes of the pod.
    """

    name: str
    after: float
    act: Act
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Missing:
    """What a pod refers to and does not find, in the kubelet's words: `variables` by the container that needs them."""

    volume: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


NOTHING_MISSING: Final = Missing()


def back_off(restarts: int) -> float:
    """Seconds until a container that failed so often is started again."""
    return float(min(_LONGEST_BACK_OFF, _FIRST_BACK_OFF * 2 ** max(0, min(restarts, 10) - 1)))


def seconds_to_end(pod: Manifest) -> float:
    """How long a pod takes that is to end."""
    started = any("running" in each["state"] for each in pod["status"].get("containerStatuses") or [])
    return min(_LONGEST_END, float(pod["metadata"].get("deletionGracePeriodSeconds", 0))) if started else 0.0


def next_step(pod: Manifest, breakage: Breakage | None, missing: Missing = NOTHING_MISSING) -> Step | None:
    """The next step of a pod that has been taken by its kubelet; None when it stays as it is."""
    status = pod["status"]
    if is_deleting(pod) or status["phase"] in {"Succeeded", "Failed"}:
        return None
    if missing.volume and not _has_begun(status):
        return Step(
            "fail to mount", _PULL, lambda each, _: each["status"], (("FailedMount", missing.volume, "Warning"),)
        )
    for place, container in enumerate(status.get("initContainerStatuses") or []):
        if container["state"].get("terminated", {}).get("exitCode") != 0:
            return _init_step(pod, place, container, breakage, missing.variables.get(container["name"]))
    for place, container in enumerate(status["containerStatuses"]):
        # A broken pod breaks in its first container.
        fault = missing.variables.get(container["name"])
        step = _container_step(pod, place, container, breakage if place == 0 else None, fault)
        if step is not None:
            return step
    return None


def _has_begun(status: Manifest) -> bool:
    """Whether the kubelet is past the volumes: it makes containers, or made some."""
    containers = [*(status.get("initContainerStatuses") or []), *status["containerStatuses"]]
    before = {"ContainerCreating", "PodInitializing"}
    return any(each["state"].get("waiting", {}).get("reason") not in before for each in containers)


def _init_step(
    pod: Manifest, place: int, container: Manifest, breakage: Breakage | None, fault: str | None
) -> Step | None:
    state = container["state"]
    change = _Change(pod, "initContainerStatuses", place)
    if fault and "waiting" in state:
        return _config_step(change, container, fault)
    if breakage != "init":
        passed = change.to(lambda each, time: pod_status.terminated(each, time, exit_code=0, reason="Completed"))
        return Step(f"init {place}", _INITIALISE, passed, _started(container))
    if "running" in state:
        return _crash(change, container, "Error", _GAVE_UP)
    if "terminated" in state:
        return _after_crash(change, pod, container)
    if state["waiting"]["reason"] == "CrashLoopBackOff":
        return _restart(change, container, back_off(container["restartCount"]))
    return Step(f"start init {place}", _INITIALISE, change.to(_run), _started(container))


def _container_step(
    pod: Manifest, place: int, container: Manifest, breakage: Breakage | None, fault: str | None
) -> Step | None:
    state = container["state"]
    change = _Change(pod, "containerStatuses", place)
    if "waiting" in state:
        return _waiting_step(change, pod, container, breakage, fault)
    if "terminated" in state:
        return _terminated_step(change, pod, container, breakage)
    if breakage in {"crash", "oom"}:
        reason, code = ("OOMKilled", _KILLED) if breakage == "oom" else ("Error", _GAVE_UP)
        return _crash(change, container, reason, code)
    if pod["spec"].get("restartPolicy", "Always") != "Always":
        return Step(f"complete {place}", _WORK, _Completion(pod, place))
    return None if container["ready"] else _readiness_step(change, place, breakage)


def _terminated_step(change: _Change, pod: Manifest, container: Manifest, breakage: Breakage | None) -> Step | None:
    if pod["spec"].get("restartPolicy") == "Never":
        return None
    if breakage in {"crash", "oom"}:
        return _after_crash(change, pod, container)
    finished = container["state"]["terminated"]["exitCode"] == 0
    return None if finished else _restart(change, container, 0.2)


def _readiness_step(change: _Change, place: int, breakage: Breakage | None) -> Step | None:
    if breakage == "stuck":
        return None
    passed = change.to(lambda each, _: pod_status.ready(each))
    if breakage == "slow":
        refused = "Readiness probe failed: simulated: the service is still starting"
        return Step(f"slowly ready {place}", _SLOW_READY, passed, (("Unhealthy", refused, "Warning"),))
    return Step(f"ready {place}", _BECOME_READY, passed)


def _waiting_step(
    change: _Change, pod: Manifest, container: Manifest, breakage: Breakage | None, fault: str | None
) -> Step | None:
    reason, image = container["state"]["waiting"]["reason"], container["image"]
    if reason == "CrashLoopBackOff":
        return _restart(change, container, back_off(container["restartCount"]) if breakage else 0.2)
    if breakage != "image":
        if fault:
            return _config_step(change, container, fault)
        if reason == _CONFIG_ERROR:
            return Step(f"start {container['name']} at last", _LOOK_AGAIN, change.to(_run), _started(container))
        return Step(f"start {container['name']}", _PULL, change.to(_run), (*_pulled(image), *_started(container)))
    if reason == "ErrImagePull":
        message = f'Back-off pulling image "{image}"'
        act = change.to(lambda each, _: pod_status.waiting(each, "ImagePullBackOff", message))
        backed_off = (("BackOff", message, "Normal"), ("Failed", "Error: ImagePullBackOff", "Warning"))
        return Step("back off pulling", _PULL, act, backed_off)
    refused = f'failed to pull and unpack image "{image}": simulated: not found'
    act = change.to(lambda each, _: pod_status.waiting(each, "ErrImagePull", refused))
    failed = (f'Failed to pull image "{image}": {refused}', "Error: ErrImagePull")
    notes = tuple(("Failed", message, "Warning") for message in failed)
    after = _FIRST_BACK_OFF * 2 if reason == "ImagePullBackOff" else _PULL
    return Step(f"fail to pull in {name_of(pod)}", after, act, notes)


def _config_step(change: _Change, container: Manifest, fault: str) -> Step | None:
    """A container that cannot be made says why, and waits for it; None when it says so already."""
    waits = container["state"]["waiting"]
    if waits.get("message") == fault:
        return None
    act = change.to(lambda each, _: pod_status.waiting(each, _CONFIG_ERROR, fault))
    is_again = waits["reason"] == _CONFIG_ERROR
    notes = (*(() if is_again else _pulled(container["image"])), ("Failed", f"Error: {fault}", "Warning"))
    return Step(f"refuse {container['name']}: {fault}", _LOOK_AGAIN if is_again else _PULL, act, notes)


def _crash(change: _Change, container: Manifest, reason: str, code: int) -> Step:
    after = 0.0 if container["ready"] else _RUN_BEFORE_CRASH
    act = change.to(lambda each, time: pod_status.terminated(each, time, exit_code=code, reason=reason))
    return Step(f"crash {container['restartCount']}", after, act)


def _after_crash(change: _Change, pod: Manifest, container: Manifest) -> Step:
    """The first restart comes at once, every other one after the back-off."""
    if not container["restartCount"]:
        return _restart(change, container, 0.2)
    pause = back_off(container["restartCount"])
    name = f"{name_of(pod)}_{namespace_of(pod)}({uid_of(pod)})"
    waits = f"back-off {_duration(pause)} restarting failed container={container['name']} pod={name}"
    note = ("BackOff", f"Back-off restarting failed container {container['name']} in pod {name}", "Warning")
    act = change.to(lambda each, _: pod_status.waiting(each, "CrashLoopBackOff", waits))
    return Step(f"back off {container['restartCount']}", 0.2, act, (note,))


def _restart(change: _Change, container: Manifest, after: float) -> Step:
    act = change.to(lambda each, time: pod_status.running(each, time, restarted=True))
    return Step(f"restart {container['restartCount']} after {after}", after, act, _started(container))


def _run(container: Manifest, time: str) -> Manifest:
    return pod_status.running(container, time, restarted=False)


def _pulled(image: str) -> tuple[Note, ...]:
    took = f"{int(_PULL * 1000)}ms"
    message = f'Successfully pulled image "{image}" in {took} ({took} including waiting). Image size: 0 bytes.'
    return (("Pulling", f'Pulling image "{image}"', "Normal"), ("Pulled", message, "Normal"))


def _started(container: Manifest) -> tuple[Note, ...]:
    name = container["name"]
    return (("Created", f"Created container: {name}", "Normal"), ("Started", f"Started container {name}", "Normal"))


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"


@dataclass(frozen=True)
class _Change:
    """A change of one container's status in the list `field`, and of what follows from it."""

    pod: Manifest
    field: str
    place: int

    def to(self, change: Callable[[Manifest, str], Manifest]) -> Act:
        def act(pod: Manifest, time: str) -> Manifest:
            statuses = list(pod["status"][self.field])
            statuses[self.place] = change(statuses[self.place], time)
            status = {**pod["status"], self.field: statuses}
            return pod_status.with_conditions(pod, {**status, "phase": _phase(pod, status)}, time)

        return act


@dataclass(frozen=True)
class _Completion:
    """A container of a job finished; with the last one the pod did."""

    pod: Manifest
    place: int

    def __call__(self, pod: Manifest, time: str) -> Manifest:
        statuses = list(pod["status"]["containerStatuses"])
        ended = pod_status.terminated(statuses[self.place], time, exit_code=0, reason="Completed")
        statuses[self.place] = {**ended, "ready": False}
        status = {**pod["status"], "containerStatuses": statuses}
        return pod_status.with_conditions(pod, {**status, "phase": _phase(pod, status)}, time)


def _phase(pod: Manifest, status: Manifest) -> str:
    """Pending until the first container ran, Running from then on; over when none of them is started again."""
    containers = status["containerStatuses"]
    codes = [_exit_code(each) for each in containers]
    policy = pod["spec"].get("restartPolicy", "Always")
    if policy == "Never" and any(_exit_code(each) for each in status.get("initContainerStatuses") or []):
        return "Failed"
    if policy != "Always" and None not in codes and (policy == "Never" or not any(codes)):
        return "Failed" if any(codes) else "Succeeded"
    seen = any(
        "running" in each["state"] or "terminated" in each["state"] or each["lastState"] or each["restartCount"]
        for each in containers
    )
    return "Running" if seen or status["phase"] == "Running" else "Pending"


def _exit_code(container: Manifest) -> int | None:
    code: int | None = container["state"].get("terminated", {}).get("exitCode")
    return code
