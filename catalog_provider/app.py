"""The plugin `live`: its parts, put together from the settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from catalog_provider.actions import explain_objects, get_health, get_health_timeline, list_health
from catalog_provider.api.entities import EntitiesApi
from catalog_provider.api.health import HealthApi
from catalog_provider.api.history import HistoryApi
from catalog_provider.api.sources import RegistrationsApi, SourcesApi
from catalog_provider.cluster.discovery import AskedApi, ServedKinds, served_kinds, workload_kinds
from catalog_provider.cluster.kinds import NAMESPACE
from catalog_provider.cluster.state import ClusterChange
from catalog_provider.cluster.watcher import ClusterWatcher
from catalog_provider.feed.assessor import HealthAssessor
from catalog_provider.feed.board import HealthBoard
from catalog_provider.feed.subjects import Subjects, assessing
from catalog_provider.feed.versions import EntityFeed
from catalog_provider.health import EntityHealth
from catalog_provider.history import HealthHistory, HistoryRecorder
from catalog_provider.notices import Notifier, ToldTable
from catalog_provider.sources.catalogue import Catalogue
from catalog_provider.sources.clusters import ClustersSource
from catalog_provider.sources.documents import DocumentReader
from catalog_provider.sources.folders import FolderSource
from catalog_provider.sources.golden_paths import GoldenPathsSource
from catalog_provider.sources.memory import CatalogMemory
from catalog_provider.sources.model import Source
from catalog_provider.sources.organisation import OrganisationSource
from catalog_provider.sources.poller import SourcePoller
from catalog_provider.sources.registrations import RegistrationsSource
from catalog_provider.sources.repositories import RepositoriesSource
from foundation.backstage.notifications import Notifications
from foundation.connections.git import GitHost, connect_git
from foundation.connections.kubernetes import connect_cluster
from foundation.health.rulebook import load_rulebook
from foundation.jsontypes import JsonObject
from foundation.runs.tables import normalised_url, open_database
from foundation.settings import Settings
from foundation.web import Plugin

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


def create_plugin(settings: Settings, clock: Clock = utc_now) -> Plugin:
    """The plugin; no thread and no connection exists before its `start`."""
    live = Live(settings, clock)
    return Plugin(
        id="live",
        specification=Path(__file__).with_name("openapi.yaml"),
        operations={
            "listEntities": live.entities.list_entities,
            "listEntityChanges": live.entities.list_changes,
            "queryHealth": live.health.query,
            "listHealth": live.health.list_health,
            "getHealth": live.health.get_health,
            "getHealthTimeline": live.history.get_timeline,
            "listSources": live.sources.list_sources,
            "listClusters": live.sources.list_clusters,
            "createRegistration": live.registrations.create,
            "deleteRegistration": live.registrations.delete,
        },
        streams={"/v1/entities/stream": live.entities.stream, "/v1/health/stream": live.health.stream},
        actions=(
            get_health(live.health.detail),
            list_health(live.health.list_health),
            get_health_timeline(live.history.timeline),
            explain_objects(live.rulebook, clock),
        ),
        start=live.start,
        stop=live.stop,
        readiness=live.readiness,
        # Watches cost clusters, and a version or cursor means something where it was given alone.
        once=True,
    )


class Startable(Protocol):
    """What works in threads of its own."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


class Live:
    """The parts: sources → catalogue → feed, and clusters → assessor → board."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        git = connect_git(settings.git)
        reader = DocumentReader(settings.platform, namespace=settings.catalog.namespace, links=settings.catalog.links)
        self._database = open_database(normalised_url(settings.state.database_url()))
        self._memory = CatalogMemory(self._database)
        self._feed = EntityFeed()
        self._board = HealthBoard()
        self._subjects = Subjects()

        self.rulebook = load_rulebook(settings.health.rules, settings.health.scripts)
        self._clusters = self._watchers(settings)
        registered = RegistrationsSource(git, reader, self._memory, settings.git.host)
        sources: list[Source] = [*_sources(settings, git, reader), *self._clusters_source(settings, clock), registered]
        self._catalogue = Catalogue([(each.name, each.kind) for each in sources], self._memory, self._publish, clock)
        self._pollers = [SourcePoller(each, self._catalogue, _interval(each, settings)) for each in sources]
        self._told_by_clusters = [each for each in self._pollers if each.source.kind == ClustersSource.kind]

        history = HealthHistory(self._database)
        self._recorder = HistoryRecorder(history, clock, settings.health.history_days, self._subjects.refs)
        look = assessing(
            self._subjects, self._clusters, self._board, clock, rulebook=self.rulebook, past=self._recorder.past
        )

        notifier = self._notifier(settings, clock)

        def assess(refs: Collection[str]) -> Mapping[str, EntityHealth | None]:
            found = look(refs)
            self._recorder.take(found)
            if notifier:
                notifier.take(found)
            return found

        self._assessor = HealthAssessor(self._board, assess, self._subjects.refs)
        self._threads: list[Startable] = [*self._pollers, *self._clusters, self._recorder, self._assessor]
        if notifier:
            # Before whoever assesses: it must know what was told.
            self._threads.insert(0, notifier)

        ready = self._catalogue.require_ready
        self.entities = EntitiesApi(self._feed, ready)
        self.history = HistoryApi(history, clock, ready)
        self.health = HealthApi(self._board, self._catalogue, self._feed.entity, require_ready=ready)
        self.sources = SourcesApi(self._catalogue, self._clusters, clock)
        self.registrations = RegistrationsApi(
            registered,
            poller=self._pollers[-1],
            memory=self._memory,
            catalogue=self._catalogue,
            feed=self._feed,
            require_ready=ready,
        )

    def _notifier(self, settings: Settings, clock: Clock) -> Notifier | None:
        """Tells owners; None where Backstage does not know this server."""
        backstage, health = settings.backstage, settings.health
        if not backstage.token:
            return None
        return Notifier(
            ToldTable(self._database),
            Notifications(backstage.url, backstage.token),
            clock,
            environments=health.notify_environments,
            after=timedelta(seconds=health.notify_after_seconds),
            subject=self._subjects.get,
        )

    def _watchers(self, settings: Settings) -> list[ClusterWatcher]:
        health = settings.health

        def discover(api: AskedApi) -> ServedKinds:
            return served_kinds(api, self.rulebook, health.watched, health.unwatched)

        workloads = workload_kinds(self.rulebook)
        # For the entities of workloads alone.
        is_needed = settings.catalog.clusters.enabled and NAMESPACE.full_name not in health.unwatched
        beside = [NAMESPACE] if is_needed else []
        return [
            ClusterWatcher(
                each, connect_cluster(each), self._on_change, discover=discover, workloads=workloads, beside=beside
            )
            for each in settings.clusters
        ]

    def _clusters_source(self, settings: Settings, clock: Clock) -> list[Source]:
        catalog = settings.catalog
        if not (catalog.clusters.enabled and self._clusters):
            return []
        return [
            ClustersSource(
                self._clusters, catalog.clusters, self._memory.good_documents, clock, namespace=catalog.namespace
            )
        ]

    def start(self) -> None:
        """Begin to look at sources and to watch clusters."""
        self._memory.create_tables()
        for each in self._threads:
            each.start()

    def stop(self) -> None:
        for each in self._threads:
            each.stop()

    def readiness(self) -> Mapping[str, str]:
        """Sources alone: a cluster out of reach is shown as such, and no reason to serve nothing."""
        return self._catalogue.not_ready()

    def _publish(self, changes: Mapping[str, JsonObject | None]) -> None:
        # Subjects first: who hears of a new entity may ask for its health at once.
        touched = self._subjects.update(changes)
        self._assessor.touch(touched)
        self._feed.publish(changes)

    def _on_change(self, change: ClusterChange) -> None:
        self._assessor.touch(self._subjects.of_services(change.services))
        for each in self._told_by_clusters:
            each.wake()


def _sources(settings: Settings, git: GitHost, reader: DocumentReader) -> list[Source]:
    """Those that the settings name, in the order in which they win over one another."""
    catalog = settings.catalog
    found: list[Source] = []
    if catalog.organisation:
        found.append(OrganisationSource(catalog.organisation))
    if catalog.golden_paths:
        found.append(GoldenPathsSource(catalog.golden_paths, namespace=catalog.namespace))
    found += [FolderSource(folder, reader) for folder in catalog.folders]
    if catalog.repositories:
        found.append(RepositoriesSource(git, reader, settings.git.host))
    return found


def _interval(source: Source, settings: Settings) -> float:
    """Seconds between looks: what costs calls to GitHub is looked at less often."""
    remote = source.kind in {"git", "registrations"} and settings.git.host == "github"
    return settings.git.poll_seconds if remote else settings.catalog.poll_seconds
