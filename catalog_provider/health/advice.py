"""What to do next, out of what is wrong."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from catalog_provider.health.model import EnvironmentHealth, NextStep, PodHealth, WorkloadHealth
from foundation.health.containers import CRASH_LOOP, IMAGE_REASONS, OUT_OF_MEMORY
from foundation.health.verdict import Status


@dataclass(frozen=True)
class _Case:
    """The worst place: an environment, its worst workload, and the first pod in trouble."""

    environment: EnvironmentHealth
    workload: WorkloadHealth | None
    pod: PodHealth | None

    def kubectl(self, verb: str, rest: str = "") -> str:
        namespace = self.workload.namespace if self.workload else ""
        context = self.environment.context
        where = (f"--context {shlex.quote(context)}" if context else "", f"-n {namespace}" if namespace else "")
        return " ".join(part for part in ("kubectl", *where, verb, rest) if part)


def next_steps(environments: Sequence[EnvironmentHealth]) -> tuple[NextStep, ...]:
    """Steps for the worst of `environments`, the most useful first; none where nothing is wrong."""
    if not environments:
        return ()
    case = _case(max(environments, key=lambda each: each.verdict.status.severity))
    advice = _ADVICE.get(case.environment.verdict.reason or "")
    if advice:
        return tuple(advice(case))
    cause = case.environment.verdict.cause
    if cause and cause.kind != "Pod":
        command = case.kubectl("describe", f"{cause.kind.lower()} {cause.name}")
        return (NextStep(f"Look at what the {cause.kind} says", command=command),)
    if case.environment.verdict.status is Status.DEGRADED and case.pod:
        return (_describe(case),)
    return ()


def _case(environment: EnvironmentHealth) -> _Case:
    workload = max(environment.workloads, key=lambda each: each.verdict.status.severity, default=None)
    pods = workload.pods if workload else ()
    reason = environment.verdict.reason
    pod = next((each for each in pods if each.verdict.reason == reason), None)
    return _Case(environment, workload, pod or next((each for each in pods if _is_bad(each)), None))


def _is_bad(pod: PodHealth) -> bool:
    return pod.verdict.status is Status.DEGRADED


def _last_words(case: _Case) -> NextStep:
    pod = case.pod.name if case.pod else ""
    crashing = [each for each in case.pod.containers if each.restarts and not each.ready] if case.pod else []
    container = f"-c {crashing[0].name} " if crashing else ""
    return NextStep(
        "Read what the container said before it ended", command=case.kubectl("logs", f"{container}--previous {pod}")
    )


def _describe(case: _Case) -> NextStep:
    pod = case.pod.name if case.pod else ""
    return NextStep("Look at the pod's events", command=case.kubectl("describe pod", pod).rstrip())


def _crash(case: _Case) -> list[NextStep]:
    steps = [_last_words(case)]
    if case.workload and case.workload.kind == "Deployment":
        steps.append(_undo(case.workload, case))
    return steps


def _undo(workload: WorkloadHealth, case: _Case) -> NextStep:
    return NextStep(
        "Go back to the version before", command=case.kubectl("rollout undo", f"deployment/{workload.name}")
    )


def _memory(case: _Case) -> list[NextStep]:
    return [NextStep("Give it more memory: raise resources.memory in service.yaml and deploy"), _last_words(case)]


def _image(case: _Case) -> list[NextStep]:
    return [NextStep("Check that the image was pushed under this name and tag"), _describe(case)]


def _stuck(case: _Case) -> list[NextStep]:
    steps = [_describe(case)] if case.pod else []
    return [*steps, *([_undo(case.workload, case)] if case.workload else [])]


def _missing(case: _Case) -> list[NextStep]:
    where = case.environment.name
    return [NextStep(f"Deploy it to {where}, or take {where} off its service.yaml")]


def _unreachable(case: _Case) -> list[NextStep]:
    return [NextStep(f"Ask the platform team about cluster {case.environment.cluster}")]


def _described(case: _Case) -> list[NextStep]:
    return [_describe(case)]


_ADVICE: Mapping[str, Callable[[_Case], list[NextStep]]] = {
    CRASH_LOOP: _crash,
    OUT_OF_MEMORY: _memory,
    **dict.fromkeys(IMAGE_REASONS, _image),
    "ProgressDeadlineExceeded": _stuck,
    "Missing": _missing,
    "ClusterUnreachable": _unreachable,
    "Forbidden": _unreachable,
    "Stale": _unreachable,
    "Unschedulable": _described,
    "StartTimeout": _described,
    "Unready": _described,
}
