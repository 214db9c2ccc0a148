"""The compiler: a Service document becomes everything that the service needs, as plain data. Nothing is contacted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from foundation.errors import Problem
from foundation.jsontypes import JsonObject
from foundation.service import Service, ServiceDocumentError
from foundation.service.anchors import page_of
from foundation.settings import PlatformSettings
from scaffolder_actions.workload.identity import Workload, workload_of
from scaffolder_actions.workload.objects import kubernetes_objects
from scaffolder_actions.workload.patching import Patching, missed

# The version that a check compiles with; any other gives the same findings.
_ANY_VERSION = "0.0.0"


@dataclass(frozen=True)
class Compiled:
    """One service in one environment: its Kubernetes objects in the order of applying, and its stack's template.

    `stack` is None where the service needs nothing of AWS.
    """

    workload: Workload
    objects: tuple[JsonObject, ...]
    stack: JsonObject | None


def compile_environment(service: Service, environment: str, version: str, settings: PlatformSettings) -> Compiled:
    """What `service` is in one of its environments at `version`, the team's patches included.

    Raises InputError for an environment that the service does not name or a version that no image can have, and
    ServiceDocumentError for patches that do not fit, or hit nothing in any environment.
    """
    if service.patches:
        check_service(service, settings)
    compiled, _ = _compiled(service, environment, version, settings)
    return compiled


def check_service(service: Service, settings: PlatformSettings) -> None:
    """Raise ServiceDocumentError with everything that only compiling finds, in all environments."""
    hit: set[int] = set()
    seen: set[tuple[str, str]] = set()
    problems = []
    for environment in service.environments:
        _, patching = _compiled(service, environment, _ANY_VERSION, settings)
        hit |= {service.patches.index(patching.patches[each]) for each in patching.hit}
        seen |= patching.seen
        problems += patching.problems
    problems += missed(service.patches, hit, seen)
    if problems:
        raise _unfit(service, list(dict.fromkeys(problems)), settings)


def _compiled(
    service: Service, environment: str, version: str, settings: PlatformSettings
) -> tuple[Compiled, Patching]:
    # Templates are made of workloads, which are this package's: either could not be imported before the other.
    from scaffolder_actions.infrastructure.template import stack_template

    workload = workload_of(service, environment, version, settings)
    here = [each for each in service.patches if not each.environments or environment in each.environments]
    patching = Patching(here)
    objects = patching.objects(kubernetes_objects(workload))
    return Compiled(workload, objects, patching.stack(stack_template(workload))), patching


def _unfit(service: Service, problems: list[Problem], settings: PlatformSettings) -> ServiceDocumentError:
    file = service.patches[0].place.file
    page = page_of(("spec", "patches"), settings)
    ordered = [replace(each, page=page) for each in sorted(problems, key=lambda each: (each.line, each.column))]
    return ServiceDocumentError(f"{file} is not a Service document that can be used.", problems=ordered)
