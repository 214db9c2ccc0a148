"""What dashboards of different services have in common."""

from __future__ import annotations

from dataclasses import dataclass

from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.objectives import Objective, objectives_of
from scaffolder_actions.workload.scaling import is_scaled


@dataclass(frozen=True)
class Shape:
    """Which panels there are, and how many links. Services of one shape differ in nothing but words.

    `measured` means that the service counts its requests, `deployed` that it has a Deployment and not a schedule.
    """

    measured: bool
    deployed: bool
    scaled: bool
    objectives: tuple[Objective, ...]
    dependencies: frozenset[str]
    cache_replicas: bool
    links: int


def shape_of(workload: Workload, links: int) -> Shape:
    """The shape of a workload's dashboard with that many links."""
    service = workload.service
    dependencies = frozenset(each.type for each in service.managed)
    return Shape(
        measured=service.type == "web" and service.observability.metrics,
        deployed=service.type != "job",
        scaled=service.type != "job" and is_scaled(service),
        objectives=objectives_of(service),
        dependencies=dependencies,
        cache_replicas="redis" in dependencies and workload.defaults.cache_replicas > 0,
        links=links,
    )
