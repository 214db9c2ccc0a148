"""Workload → CloudFormation template: one stack for each environment, with everything that the service has at AWS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.infrastructure import caches, databases
from scaffolder_actions.infrastructure.access import access
from scaffolder_actions.infrastructure.buckets import bucket, bucket_rights
from scaffolder_actions.infrastructure.edges import edge
from scaffolder_actions.infrastructure.facts import ZONE, fact_parameters, zone_fact
from scaffolder_actions.infrastructure.part import Part
from scaffolder_actions.infrastructure.queues import queue, queue_rights
from scaffolder_actions.workload.identity import Workload


def stack_template(workload: Workload) -> JsonObject | None:
    """The template of the workload's stack; None where it needs nothing of AWS.

    The same workload gives the same template, and a dependency that is added, changed or removed touches nothing of
    the others.
    """
    parts = list(_parts(workload))
    if not parts:
        return None
    resources = {name: each for part in parts for name, each in part.resources.items()}
    outputs = {name: {"Value": each} for part in parts for name, each in part.outputs.items()}
    template: dict[str, Json] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"What {workload.name} of {workload.service.team} has in {workload.environment}",
    }
    names = {ZONE: zone_fact(workload.host, workload.platform.public_domain)} if workload.host else {}
    if parameters := fact_parameters(workload.environment, set(_references(resources)), names):
        template["Parameters"] = parameters
    template["Resources"] = resources
    if outputs:
        template["Outputs"] = outputs
    return template


def _parts(workload: Workload) -> Iterator[Part]:
    yield from _stores(workload)
    if rights := list(_rights(workload)):
        yield access(workload, rights)
    if workload.host and workload.service.exposure.visibility == "public":
        yield edge(workload, workload.host)


def _stores(workload: Workload) -> Iterator[Part]:
    needed = workload.service.managed
    kinds = {each.type for each in needed}
    if "postgresql" in kinds:
        yield databases.subnets(workload)
    if "redis" in kinds:
        yield caches.subnets(workload)
    made = {"postgresql": databases.database, "redis": caches.cache, "s3": bucket, "sqs": queue}
    for dependency in needed:
        yield made[dependency.type](workload, dependency)


def _rights(workload: Workload) -> Iterator[JsonObject]:
    for dependency in workload.service.managed:
        if dependency.type == "s3":
            yield from bucket_rights(dependency)
        elif dependency.type == "sqs":
            yield from queue_rights(dependency)


def _references(value: Any) -> Iterator[str]:
    """Every name that is referred to."""
    children: Iterable[Any] = ()
    if isinstance(value, Mapping):
        if isinstance(name := value.get("Ref"), str):
            yield name
        children = value.values()
    elif isinstance(value, list):
        children = value
    for child in children:
        yield from _references(child)
