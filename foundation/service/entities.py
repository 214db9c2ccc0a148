"""A Service document as entities of Backstage's catalog: the Component, what it owns, its API and its System.

The one mapping for the catalog's provider, which serves entities, and for `catalog-info.yaml`, which a repository holds.
Both add what they alone know: where the document stands, or nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from foundation.jsontypes import Json, JsonObject
from foundation.service.hosts import host_of
from foundation.service.model import Dependency, Link, Service
from foundation.service.pages import filled, is_address, is_per_environment
from foundation.service.release import find_release
from foundation.settings import LinkTemplate, PlatformSettings

# Which environments a Component is meant to run in: there, no workload at all is a finding.
ENVIRONMENTS = "greenroom/environments"
# Where it is reached in each of them: `staging=order-api.staging.internal.example.com/,production=…`.
HOSTS = "greenroom/hosts"
KUBERNETES_ID = "backstage.io/kubernetes-id"
# `@backstage/catalog-model`: the longest `metadata.name`.
LONGEST_NAME = 63
# `@backstage/catalog-model`: what a tag may be. Languages such as `.net` are none.
_TAG = re.compile(r"[a-z0-9:+#]+(-[a-z0-9:+#]+)*")
_COMPONENT_TYPES = {"web": "service", "worker": "worker", "job": "job"}
_RESOURCE_TYPES = {"postgresql": "database", "redis": "cache", "s3": "bucket", "sqs": "queue"}
_RESOURCE_TITLES = {"postgresql": "PostgreSQL", "redis": "Redis", "s3": "S3", "sqs": "SQS"}


@dataclass(frozen=True)
class Beside:
    """What stands beside a document, as far as it is known.

    `api` is the definition of its API, as text or as Backstage's `{"$text": …}`. `docs` and `decisions` are the values
    of TechDocs' and the decision records' annotations. `runbook` is the page of a runbook that the document names by its
    path, `repository` that of the repository.
    """

    api: str | JsonObject | None = None
    docs: str | None = None
    decisions: str | None = None
    runbook: str | None = None
    repository: str | None = None
    links: tuple[LinkTemplate, ...] = ()


@dataclass(frozen=True)
class ServiceEntities:
    """`declared` stand for this document alone; `implied` may be implied by others too, or declared elsewhere."""

    declared: tuple[JsonObject, ...]
    implied: tuple[JsonObject, ...]


def service_entities(
    service: Service, beside: Beside, settings: PlatformSettings, *, namespace: str = "default"
) -> ServiceEntities:
    """The entities of one service, without a word of where they come from. Raises ReleaseError for an unknown release."""
    mapping = _Mapping(service, beside, settings, namespace)
    declared = [mapping.component(), *map(mapping.resource, service.managed)]
    if beside.api is not None:
        declared.append(mapping.api(beside.api))
    return ServiceEntities(tuple(declared), (mapping.system(),))


def resource_name(service: str, dependency: Dependency) -> str:
    """`<service>-<type>`, with the dependency's own name behind it where it has one."""
    named = dependency.name != dependency.type
    return _fitting(f"{service}-{dependency.type}{f'-{dependency.name}' if named else ''}")


def template_links(template: LinkTemplate, service: Service) -> Iterator[Link]:
    """The links of a template for one service: one for each environment where the template names it."""
    if not is_per_environment(template.url):
        yield Link(filled(template.title, service), filled(template.url, service), template.icon)
        return
    title = template.title if "{environment}" in template.title else f"{template.title} ({{environment}})"
    for environment in service.environments:
        url = filled(template.url, service, environment)
        yield Link(filled(title, service, environment), url, template.icon, environment)


def _fitting(name: str) -> str:
    """The name itself, or one of the permitted length that stays different from every other."""
    if len(name) <= LONGEST_NAME:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_NAME - len(digest) - 1].rstrip('-._')}-{digest}"


@dataclass(frozen=True)
class _Mapping:
    service: Service
    beside: Beside
    settings: PlatformSettings
    namespace: str

    @property
    def called(self) -> str:
        return self.service.title or self.service.name

    @property
    def owned(self) -> dict[str, Json]:
        """Whose it is, and what it is part of."""
        return {"owner": f"group:{self.namespace}/{self.service.team}", "system": self.service.system}

    def component(self) -> JsonObject:
        service = self.service
        spec: dict[str, Json] = {
            "type": _COMPONENT_TYPES[service.type],
            "lifecycle": service.lifecycle,
            **self.owned,
            "dependsOn": [self._target(each) for each in service.dependencies],
        }
        if self.beside.api is not None:
            spec["providesApis"] = [service.name]
        tags = [*service.tags, *filter(None, (service.language, service.framework))]
        metadata = {
            "title": service.title,
            "description": service.description,
            "labels": dict(service.labels),
            "tags": [each for each in dict.fromkeys(tags) if _TAG.fullmatch(each)],
            "links": [_link(each) for each in self._links()],
            "annotations": self._annotations(),
        }
        return self._entity("Component", service.name, spec, {key: value for key, value in metadata.items() if value})

    def resource(self, dependency: Dependency) -> JsonObject:
        named = "" if dependency.name == dependency.type else f" ({dependency.name})"
        title = f"{_RESOURCE_TITLES[dependency.type]} of {self.called}{named}"
        return self._entity(
            "Resource",
            resource_name(self.service.name, dependency),
            {"type": _RESOURCE_TYPES[dependency.type], **self.owned},
            {"title": title, "description": self._described(title, dependency), "tags": [dependency.type]},
        )

    def api(self, definition: str | JsonObject) -> JsonObject:
        spec: JsonObject = {
            "type": "openapi",
            "lifecycle": self.service.lifecycle,
            **self.owned,
            "definition": definition,
        }
        about = {"title": self.called, "description": f"The API of {self.called}."}
        return self._entity("API", self.service.name, spec, about)

    def system(self) -> JsonObject:
        return self._entity("System", self.service.system, {"owner": self.owned["owner"]}, {})

    def _entity(self, kind: str, name: str, spec: JsonObject, metadata: JsonObject) -> JsonObject:
        return {
            "apiVersion": "backstage.io/v1alpha1",
            "kind": kind,
            "metadata": {"name": name, "namespace": self.namespace, **metadata},
            "spec": spec,
        }

    def _target(self, dependency: Dependency) -> str:
        if dependency.type == "service":
            return f"component:{self.namespace}/{dependency.name}"
        return f"resource:{self.namespace}/{resource_name(self.service.name, dependency)}"

    def _annotations(self) -> dict[str, Json]:
        service = self.service
        given = {
            "backstage.io/techdocs-ref": self.beside.docs,
            "backstage.io/adr-location": self.beside.decisions,
            # The labels and tags that its alerts and its dashboards carry, for Backstage's Grafana plugin.
            "grafana/alert-label-selector": f"service={service.name}",
            "grafana/dashboard-selector": f"tags @> 'greenroom' && tags @> '{service.name}'",
            **service.annotations,
            "backstage.io/kubernetes-namespace": service.team,
            KUBERNETES_ID: service.name,
            ENVIRONMENTS: ",".join(service.environments),
            HOSTS: ",".join(self._hosts()),
        }
        return {key: value for key, value in given.items() if value}

    def _hosts(self) -> Iterator[str]:
        for environment in self.service.environments:
            if host := host_of(self.service, environment, self.settings):
                path = self.service.in_environment(environment).exposure.path
                yield f"{environment}={host}{path}"

    def _links(self) -> Iterator[Link]:
        service, settings = self.service, self.settings
        generated = (
            LinkTemplate("Dashboard", settings.dashboard_url, "dashboard"),
            LinkTemplate("Logs", settings.logs_url, "list"),
        )
        for template in (*(each for each in generated if each.url), *self.beside.links):
            yield from template_links(template, service)
        for each in (*service.dashboards, *service.links):
            yield from template_links(LinkTemplate(each.title, each.url, each.icon or ""), service)
        if runbook := service.runbook if is_address(service.runbook or "") else self.beside.runbook:
            yield from template_links(LinkTemplate("Runbook", runbook, "docs"), service)
        if self.beside.repository:
            yield Link("Repository", self.beside.repository, "github")

    def _described(self, title: str, dependency: Dependency) -> str:
        """What it is, how large, and where it is larger."""
        first, *rest = self.service.environments
        base = self._size(self._there(dependency, first))
        said = ", ".join([title, *base.values()])
        for environment in rest:
            here = self._size(self._there(dependency, environment))
            different = [value for key, value in here.items() if base.get(key) != value]
            said += f"; {environment}: {', '.join(different)}" if different else ""
        return f"{said}."

    def _there(self, dependency: Dependency, environment: str) -> Dependency:
        there = self.service.in_environment(environment).dependencies
        return next(each for each in there if each.label == dependency.label)

    def _size(self, dependency: Dependency) -> Mapping[str, str]:
        """What is said of its size, by what it is about."""
        said = {}
        if dependency.size:
            engine = find_release(self.service.platform, self.settings).engines[dependency.type]
            said = {"version": f"version {dependency.version or engine.default}", "size": f"size {dependency.size}"}
        if dependency.storage:
            said["storage"] = f"{dependency.storage} GiB"
        if dependency.expire_days:
            said["expiry"] = f"objects are deleted after {dependency.expire_days} days"
        if dependency.fifo:
            said["order"] = "in order"
        return said


def _link(link: Link) -> JsonObject:
    # Backstage groups links by their type, and what groups these is where they belong.
    optional: dict[str, Json] = {"icon": link.icon, "type": link.environment}
    return {"url": link.url, "title": link.title, **{key: value for key, value in optional.items() if value}}
