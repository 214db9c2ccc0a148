"""Pipelines of services of every kind, as text and as data, for the tests of this folder."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from foundation.service import Service, load_service
from foundation.settings import PlatformSettings
from foundation.yaml_text import as_yaml
from scaffolder_actions.workload.delivery import with_comments, workflows

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
REGISTRIES = ("ghcr.io/acme", ECR, "registry.example.com:5000")
LANGUAGES = (
    ("python", "fastapi"),
    ("python", "django"),
    ("typescript", "express"),
    ("go", None),
    ("java", "spring-boot"),
    ("elixir", "phoenix"),
    (None, None),
)
KINDS = ("web", "worker", "job")
VISIBILITIES = ("public", "internal", "none")


def service(**spec: Any) -> Service:
    """The service `order-api` of the team commerce, with these fields."""
    document = {
        "apiVersion": "platform.company.com/v1",
        "kind": "Service",
        "metadata": {"name": "order-api", "team": "commerce"},
        "spec": spec,
    }
    return load_service(yaml.safe_dump(document), "service.yaml", PlatformSettings())


def of_kind(kind: str, visibility: str = "none", **spec: Any) -> Service:
    """A service of a type, exposed where that can be."""
    if kind == "job":
        spec["schedule"] = {"cron": "15 3 * * *"}
    if kind == "web":
        spec["exposure"] = {"visibility": visibility}
    return service(type=kind, **spec)


def texts(of: Service, registry: str = REGISTRIES[0]) -> dict[str, str]:
    """The workflows as files, by their names."""
    made = workflows(of, PlatformSettings(image_registry=registry))
    return {name: with_comments(as_yaml(workflow)) for name, workflow in made.items()}


def parsed(of: Service, registry: str = REGISTRIES[0]) -> dict[str, Any]:
    """The workflows as GitHub reads them, by their names; YAML 1.2 knows no `on` that is true."""
    return {name: yaml.load(text, Loader=yaml.BaseLoader) for name, text in texts(of, registry).items()}  # noqa: S506


def every_pipeline() -> Iterator[tuple[str, dict[str, str]]]:
    """Each kind of service with each kind of registry, and what it is called."""
    for (language, framework), registry in itertools.product(LANGUAGES, REGISTRIES):
        given = {name: value for name, value in (("language", language), ("framework", framework)) if value}
        yield f"{language}-{framework}-{registry.partition('.')[0]}", texts(of_kind("web", "public", **given), registry)
    for kind, visibility in itertools.product(KINDS, VISIBILITIES):
        yield f"{kind}-{visibility}", texts(of_kind(kind, visibility))
    yield "one-environment", texts(service(environments=["production"]))
    yield "three-environments", texts(service(environments=["development", "staging", "production"]))
    yield "built-by-others", texts(service(image="docker.io/library/nginx:1.29"))


def steps(workflow: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]
