"""A Service document as entities: the Component, what it owns, its API and its System."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog_provider.entities.origin import Origin, Surroundings
from foundation.backstage.entities import entity
from foundation.jsontypes import Json, JsonObject
from foundation.service import Dependency, Service
from foundation.settings import LinkTemplate

# Which environments a Component is meant to run in: there, no workload at all is a finding.
ENVIRONMENTS = "greenroom/environments"
KUBERNETES_ID = "backstage.io/kubernetes-id"
# `@backstage/catalog-model`: the longest `metadata.name`.
LONGEST_NAME = 63
# `@backstage/catalog-model`: what a tag may be. Languages such as `.net` are none.
_TAG = re.compile(r"[a-z0-9:+#]+(-[a-z0-9:+#]+)*")
_COMPONENT_TYPES = {"web": "service", "worker": "worker"}
_RESOURCE_TYPES = {"postgresql": "database", "redis": "cache", "s3": "bucket", "sqs": "queue"}
_RESOURCE_TITLES = {"postgresql": "PostgreSQL", "redis": "Redis", "s3": "S3", "sqs": "SQS"}


@dataclass(frozen=True)
class ServiceEntities:
    """`declared` stand for this document alone; `implied` may be implied by others too, or declared elsewhere."""

    declared: tuple[JsonObject, ...]
    implied: tuple[JsonObject, ...]


def service_entities(
    service: Service,
    origin: Origin,
    around: Surroundings,
    api: str | None,
    *,
    namespace: str,
    links: Sequence[LinkTemplate] = (),
) -> ServiceEntities:
    """The entities of one service; `api` is the text of its OpenAPI document, None where it has none."""
    mapping = _Mapping(service, origin, namespace)
    owned = [each for each in service.dependencies if each.type != "service"]
    declared = [mapping.component(around, links, has_api=api is not None), *map(mapping.resource, owned)]
    if api is not None:
        declared.append(mapping.api(api))
    return ServiceEntities(tuple(declared), (mapping.system(),))


def resource_name(service: str, dependency: Dependency) -> str:
    """`<service>-<type>`, with the dependency's own name behind it where it has one."""
    named = dependency.name != dependency.type
    return _fitting(f"{service}-{dependency.type}{f'-{dependency.name}' if named else ''}")


def _fitting(name: str) -> str:
    """The name itself, or one of the permitted length that stays different from every other."""
    if len(name) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_NAME - len(digest) - 1].rstrip('-._')}-{digest}"


@dataclass(frozen=True)
class _Mapping:
    service: Service
    origin: Origin
    namespace: str

    @property
    def owner(self) -> str:
        return f"group:{self.namespace}/{self.service.team}"

    def component(self, around: Surroundings, links: Sequence[LinkTemplate], *, has_api: bool) -> JsonObject:
        service = self.service
        spec: dict[str, Json] = {
            "type": _COMPONENT_TYPES[service.type],
            "lifecycle": service.lifecycle,
            "owner": self.owner,
            "system": service.system,
            "dependsOn": [self._target(each) for each in service.dependencies],
        }
        if has_api:
            spec["providesApis"] = [service.name]
        return entity(
            "Component",
            service.name,
            spec,
            location=self.origin.location,
            namespace=self.namespace,
            annotations={
                **self.origin.annotations(),
                **self._documentation(around),
                **service.annotations,
                KUBERNETES_ID: service.name,
                ENVIRONMENTS: ",".join(service.environments),
                **self.origin.managed_by(),
            },
            metadata=self._component_metadata(links),
        )

    def resource(self, dependency: Dependency) -> JsonObject:
        title = f"{_RESOURCE_TITLES[dependency.type]} of {self.service.title or self.service.name}"
        size = f", size {dependency.size}" if dependency.size else ""
        return self._entity(
            "Resource",
            resource_name(self.service.name, dependency),
            {"type": _RESOURCE_TYPES[dependency.type], "owner": self.owner, "system": self.service.system},
            {"title": title, "description": f"{title}{size}.", "tags": [dependency.type]},
        )

    def api(self, definition: str) -> JsonObject:
        spec: dict[str, Json] = {
            "type": "openapi",
            "lifecycle": self.service.lifecycle,
            "owner": self.owner,
            "system": self.service.system,
            "definition": definition,
        }
        name = self.service.title or self.service.name
        return self._entity("API", self.service.name, spec, {"title": name, "description": f"The API of {name}."})

    def system(self) -> JsonObject:
        return self._entity("System", self.service.system, {"owner": self.owner}, {})

    def _entity(self, kind: str, name: str, spec: JsonObject, metadata: JsonObject) -> JsonObject:
        return entity(
            kind,
            name,
            spec,
            location=self.origin.location,
            namespace=self.namespace,
            annotations=self.origin.annotations(),
            metadata=metadata,
        )

    def _target(self, dependency: Dependency) -> str:
        if dependency.type == "service":
            return f"component:{self.namespace}/{dependency.name}"
        return f"resource:{self.namespace}/{resource_name(self.service.name, dependency)}"

    def _documentation(self, around: Surroundings) -> dict[str, str]:
        docs = around.documentation(self.service.docs)
        decisions = around.decisions(self.service.docs)
        found = {"backstage.io/techdocs-ref": docs, "backstage.io/adr-location": decisions}
        return {key: value for key, value in found.items() if value}

    def _component_metadata(self, links: Sequence[LinkTemplate]) -> dict[str, Json]:
        service = self.service
        tags = [*service.tags, *filter(None, (service.language, service.framework))]
        metadata: dict[str, Json] = {
            "title": service.title,
            "description": service.description,
            "labels": dict(service.labels),
            "tags": [each for each in dict.fromkeys(tags) if _TAG.fullmatch(each)],
            "links": [*self._links(links)],
        }
        return {key: value for key, value in metadata.items() if value}

    def _links(self, templates: Sequence[LinkTemplate]) -> list[JsonObject]:
        found = [link for each in templates for link in fill_link(each, self.service)]
        for link in self.service.links:
            icon: dict[str, Json] = {"icon": link.icon} if link.icon else {}
            found.append({"url": link.url, "title": link.title, **icon})
        if runbook := self._runbook():
            found.append({"url": runbook, "title": "Runbook", "icon": "docs"})
        if self.origin.repository_url:
            found.append({"url": self.origin.repository_url, "title": "Repository", "icon": "github"})
        return found

    def _runbook(self) -> str | None:
        runbook = self.service.runbook
        if runbook is None or runbook.startswith(("https://", "http://")):
            return runbook
        folder = self.origin.view_url.rpartition("/")[0] if self.origin.view_url else None
        return f"{folder}/{runbook}" if folder else None


def fill_link(template: LinkTemplate, service: Service) -> list[JsonObject]:
    """The links of a template for one service: one for each environment where the template names it."""
    values = {"name": service.name, "team": service.team, "system": service.system}
    if "{environment}" not in template.url:
        return [{"url": _filled(template.url, values), "title": _filled(template.title, values), "icon": template.icon}]
    links: list[JsonObject] = []
    for environment in service.environments:
        here = {**values, "environment": environment}
        named = "{environment}" in template.title
        title = _filled(template.title if named else f"{template.title} ({{environment}})", here)
        links.append({"url": _filled(template.url, here), "title": title, "icon": template.icon})
    return links


def _filled(text: str, values: Mapping[str, str]) -> str:
    # Not str.format: a template must reach nothing but these words.
    for key, value in values.items():
        text = text.replace(f"{{{key}}}", value)
    return text
