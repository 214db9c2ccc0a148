"""Where entities and health come from, and which documents of repositories count."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from catalog_provider.cluster.state import ClusterState, KindState
from catalog_provider.feed.versions import EntityFeed
from catalog_provider.health.model import iso
from catalog_provider.sources.catalogue import Catalogue
from catalog_provider.sources.json_form import source_json
from catalog_provider.sources.memory import CatalogMemory
from catalog_provider.sources.model import DocumentReading
from catalog_provider.sources.poller import SourcePoller
from catalog_provider.sources.registrations import RegistrationsSource, entity_refs
from foundation.backstage.entities import EntityRef
from foundation.errors import ConflictError
from foundation.jsontypes import Json, JsonObject
from foundation.settings import ClusterSettings
from foundation.web import caller

DEFAULT_DOCUMENT = "service.yaml"


class WatchedCluster(Protocol):
    """What there is to say of a cluster; `ClusterWatcher` is one."""

    @property
    def cluster(self) -> ClusterSettings:
        """The settings it was made from."""

    @property
    def state(self) -> ClusterState:
        """Whether it answers, now."""


class SourcesApi:
    """Sources and clusters, as they fare now."""

    def __init__(self, catalogue: Catalogue, clusters: Sequence[WatchedCluster], clock: Callable[[], datetime]) -> None:
        self._catalogue = catalogue
        self._clusters = clusters
        self._clock = clock

    def list_sources(self) -> JsonObject:
        return {"items": [source_json(state, problems) for state, problems in self._catalogue.sources()]}

    def list_clusters(self) -> JsonObject:
        now = self._clock()
        return {"items": [cluster_json(each, now) for each in self._clusters]}


def cluster_json(cluster: WatchedCluster, now: datetime) -> JsonObject:
    """A cluster as it is told, with how the watch of each kind fares."""
    state = cluster.state
    said: dict[str, Json] = {"message": state.message, "lastSeenAt": iso(state.last_seen_at)}
    return {
        "name": cluster.cluster.name,
        "environment": cluster.cluster.environment,
        "environments": list(cluster.cluster.all_environments),
        "state": state.connectivity.value,
        **{key: value for key, value in said.items() if value},
        "simulated": cluster.cluster.simulated,
        "kinds": [_kind_json(name, watch, now) for name, watch in sorted(state.kinds.items())],
    }


def _kind_json(name: str, watch: KindState, now: datetime) -> JsonObject:
    said: JsonObject = {"message": watch.trouble} if watch.trouble else {}
    return {"name": name, "state": watch.word(now), **said}


class RegistrationsApi:
    """Takes a document into the catalog, or out of it, at once, without waiting for the next look at its source."""

    def __init__(
        self,
        source: RegistrationsSource,
        *,
        poller: SourcePoller,
        memory: CatalogMemory,
        catalogue: Catalogue,
        feed: EntityFeed,
        require_ready: Callable[[], None],
    ) -> None:
        self._source = source
        self._poller = poller
        self._memory = memory
        self._catalogue = catalogue
        self._feed = feed
        self._require_ready = require_ready

    def create(self, body: Mapping[str, str]) -> tuple[JsonObject, int]:
        self._require_ready()
        registration, document = self._source.check(body["repositoryUrl"], body.get("path", DEFAULT_DOCUMENT))
        self._require_unclaimed(document)
        created = self._memory.register(registration, caller=caller().subject)
        self._memory.restore([document.origin.location])
        self._poller.look()
        answer: JsonObject = {"entityRefs": entity_refs(document), "version": self._feed.version}
        return answer, 201 if created else 200

    def delete(self, entity_ref: str) -> JsonObject:
        """Take the documents that declare an entity out of the catalog, until one of them is registered again."""
        self._require_ready()
        found = self._catalogue.declaring(str(EntityRef.parse(entity_ref)))
        locations = {each.origin.location for each in found}
        self._memory.withdraw(sorted(locations), caller=caller().subject)
        self._memory.unregister(self._source.leading_to(locations))
        self._poller.look()
        declared = (EntityRef.of(each) for document in found if document.good for each in document.good.declared)
        return {"entityRefs": list(dict.fromkeys(map(str, declared))), "version": self._feed.version}

    def _require_unclaimed(self, document: DocumentReading) -> None:
        """Raises ConflictError, which names every name that another document has already."""
        taken = []
        for ref in entity_refs(document):
            owner = self._catalogue.owner(ref)
            if owner and owner.location != document.origin.location:
                taken.append(f"{ref} is claimed by {owner.file}")
        if taken:
            raise ConflictError(f"{'; '.join(taken)}.", remedy="Give the new one another name.")
