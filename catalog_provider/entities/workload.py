"""Workloads of a cluster as entities: what runs without a document has owner, links and health all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from catalog_provider.cluster.services import service_of
from catalog_provider.entities.origin import Origin
from catalog_provider.sources.model import DocumentReading
from foundation.backstage.entities import EntityRef, entity, is_valid_name, reference_of
from foundation.health.workloads import OWNERS, SYSTEMS
from foundation.json_fields import text_at
from foundation.jsontypes import Json, JsonObject
from foundation.service.entities import KUBERNETES_ID
from foundation.settings import ClusterEntitiesSettings, ClusterSettings

_TYPES = {"CronJob": "job", "DaemonSet": "agent"}
# Pages about a workload, by the annotation that names them.
_LINKS = {"greenroom/dashboard": "Dashboard", "greenroom/logs": "Logs", "greenroom/runbook": "Runbook"}
_PASSED_ON = ("backstage.io/techdocs-ref", "backstage.io/source-location")
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,500}")


def location_of(cluster: str, service: str = "") -> str:
    """What a workload's entity is managed by, in Backstage's form."""
    return f"kubernetes:{cluster}/{service}"


def origin_of(cluster: str, service: str) -> Origin:
    """Where the entities of a service come from that stands in no document."""
    location = location_of(cluster, service)
    return Origin(f"cluster {cluster}: {service}", location, location)


@dataclass(frozen=True)
class Place:
    """Where the workloads of a service run; `spaces` are the Namespaces by name, those that are known."""

    cluster: ClusterSettings
    spaces: Mapping[str, JsonObject] = field(default_factory=dict)


def workload_document(
    name: str, workloads: Sequence[JsonObject], place: Place, settings: ClusterEntitiesSettings, *, namespace: str
) -> DocumentReading:
    """The service of this name that `workloads` of a cluster, one at least, make up.

    Its entities are implied: whatever a person writes down under the same name stands instead.
    """
    origin = origin_of(place.cluster.name, name)
    ordered = sorted(workloads, key=_position)
    names = dict.fromkeys(map(_space, ordered))
    is_in_production = "production" in map(place.cluster.environment_of, names)
    lifecycle = "production" if is_in_production else "experimental"
    spaces = [place.spaces[each] for each in names if each in place.spaces]
    entities = _Mapping(name, ordered, spaces, lifecycle, origin, settings.default_owner, namespace).entities()
    return DocumentReading(origin, implied=tuple(entities))


def name_of(workload: JsonObject) -> str | None:
    """The name of its entity: that of its service's label, or its own; None where that can be no entity's."""
    name = service_of(workload) or text_at(workload, "metadata", "name")
    return name if is_valid_name(name) else None


def is_wanted(workload: JsonObject, settings: ClusterEntitiesSettings) -> bool:
    """Whether the settings, and the workload itself, let it become an entity."""
    space = _space(workload)
    if _said(workload, "greenroom/exclude") == "true":
        return False
    included = any(fnmatchcase(space, each) for each in settings.namespaces)
    return included and not any(fnmatchcase(space, each) for each in settings.exclude_namespaces)


@dataclass(frozen=True)
class _Mapping:
    name: str
    workloads: Sequence[JsonObject]
    # Of the workloads: what they do not say, it says for all that runs in it.
    spaces: Sequence[JsonObject]
    lifecycle: str
    origin: Origin
    default_owner: str
    namespace: str

    def entities(self) -> Iterator[JsonObject]:
        place, space = self.origin.location, self.namespace
        yield entity(
            "Component",
            self.name,
            self._spec(),
            location=place,
            namespace=space,
            annotations=self._annotations(),
            metadata=self._about(),
        )
        if self.system:
            yield entity("System", self.system, {"owner": self.owner}, location=place, namespace=space)
        if self.owner == str(self.nobody) and self.nobody.kind == "group":
            about = {"description": "What runs in clusters and names no owner."}
            spec: JsonObject = {"type": "team", "children": []}
            yield entity(
                "Group", self.nobody.name, spec, location=place, namespace=self.nobody.namespace, metadata=about
            )

    @property
    def nobody(self) -> EntityRef:
        return EntityRef.parse(self.default_owner, default_kind="group", default_namespace=self.namespace)

    @property
    def owner(self) -> str:
        found = (reference_of(said, "group", self.namespace) for said in self._inherited(OWNERS))
        return next(filter(None, found), str(self.nobody))

    @property
    def system(self) -> str:
        return next(filter(is_valid_name, self._inherited(SYSTEMS)), "")

    def _spec(self) -> JsonObject:
        kind = _TYPES.get(text_at(self.workloads[0], "kind"), "service")
        part: JsonObject = {"system": self.system} if self.system else {}
        return {"type": kind, "lifecycle": self.lifecycle, "owner": self.owner, **part}

    def _about(self) -> JsonObject:
        links: list[Json] = [
            {"title": title, "url": self._said(key)}
            for key, title in _LINKS.items()
            if _ADDRESS.fullmatch(self._said(key))
        ]
        said: Mapping[str, Json] = {
            "title": self._said("greenroom/title"),
            "description": self._said("greenroom/description"),
            "links": links,
        }
        return {key: value for key, value in said.items() if value}

    def _annotations(self) -> Mapping[str, str]:
        return {
            **{key: self._said(key) for key in _PASSED_ON if self._said(key)},
            KUBERNETES_ID: self.name,
            "backstage.io/kubernetes-namespace": _space(self.workloads[0]),
        }

    def _said(self, key: str) -> str:
        return _first(self.workloads, key)

    def _inherited(self, keys: Sequence[str]) -> Iterator[str]:
        """What the workloads say under each of `keys`, and after all of these what their namespaces say."""
        return (_first(objects, key) for objects in (self.workloads, self.spaces) for key in keys)


def _first(objects: Sequence[JsonObject], key: str) -> str:
    return next(filter(None, (_said(each, key) for each in objects)), "")


def _said(item: JsonObject, key: str) -> str:
    """What its annotations or labels, or the labels of its pods, say under `key`."""
    places = (("metadata", "annotations"), ("metadata", "labels"), ("spec", "template", "metadata", "labels"))
    return next(filter(None, (text_at(item, *place, key) for place in places)), "")


def _space(workload: JsonObject) -> str:
    return text_at(workload, "metadata", "namespace")


def _position(workload: JsonObject) -> tuple[str, ...]:
    return *(text_at(workload, "metadata", each) for each in ("namespace", "name")), text_at(workload, "kind")
