"""The body of a build's run: build, then publish."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, cast

from foundation.errors import GreenroomError, NotFoundError
from foundation.jsontypes import JsonObject
from foundation.runs import RunContext
from techdocs.building import BuildResult, build_project
from techdocs.building.process import Check, Log
from techdocs.builds.model import BuildOrder
from techdocs.builds.places import Place, Places
from techdocs.publishing import Storage, make_metadata, publish_site, site_files
from techdocs.sources import Project, project_of

# A build keeps a processor busy for seconds, and the server needs one for its answers.
AT_ONCE = max(1, (os.cpu_count() or 1) // 2)


class Builder(Protocol):
    """Builds a project into a folder, as `build_project` does."""

    def __call__(self, project: Project, into: Path, *, log: Log, check: Check) -> BuildResult: ...


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class BuildBody:
    """Does builds. Finished sites wait in `sites` for their publication, a folder for each run.

    Repeating a step does no harm: a site that stands is not built anew, one that is published is not
    written anew. Of two builds of an entity the one of the newer revision stays.
    """

    def __init__(
        self,
        places: Places,
        storage: Storage,
        sites: Path,
        *,
        namespace: str = "default",
        build: Builder = build_project,
        now_ms: Callable[[], int] = _now_ms,
    ) -> None:
        self._places = places
        self._storage = storage
        self._sites = sites
        self._namespace = namespace
        self._builder = build
        self._now_ms = now_ms
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._publishing: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def __call__(self, context: RunContext, payload: JsonObject) -> JsonObject:
        order = BuildOrder.of(payload)
        site = self._sites / context.run_id
        try:
            built = context.step("build", lambda: self._build(context, order, site))
            return context.step("publish", lambda: self._publish(context, order, site, built))
        except GreenroomError:
            shutil.rmtree(site, ignore_errors=True)
            raise

    def _build(self, context: RunContext, order: BuildOrder, site: Path) -> JsonObject:
        place = self._places.find(order.place, order.location)
        context.log(f"Building {order.entity} from {order.place} {order.location} at {order.revision[:12]}")
        started = time.monotonic()
        with self._slots:
            result = self._build_into(context, place, order, site)
        context.log(f"{result.pages} pages, {len(result.files)} files in {time.monotonic() - started:.1f} s")
        return {
            "siteName": result.site_name,
            "siteDescription": result.site_description,
            "pages": result.pages,
            "warnings": len(result.warnings),
        }

    def _build_into(self, context: RunContext, place: Place, order: BuildOrder, site: Path) -> BuildResult:
        # Renamed when it is whole, so that half a site is never taken for one.
        unfinished = site.with_name(f"{site.name}.unfinished")
        for folder in (unfinished, site):
            shutil.rmtree(folder, ignore_errors=True)
        entities = place.entities(order.revision, namespace=self._namespace)
        entity = next((each for each in entities if each.reference == order.entity), None)
        if entity is None:
            raise NotFoundError(
                f"{order.place} {order.location} does not document {order.entity}.",
                remedy="Its service.yaml or catalog-info.yaml must name the entity, and there must be pages.",
            )

        def log(message: str, level: str) -> None:
            context.log(message, "error" if level == "error" else "warn" if level == "warn" else "info")

        try:
            with place.files(order.revision) as files:
                result = self._builder(project_of(files, entity), unfinished, log=log, check=context.raise_if_cancelled)
            unfinished.rename(site)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return result

    def _publish(self, context: RunContext, order: BuildOrder, site: Path, built: JsonObject) -> JsonObject:
        place = self._places.find(order.place, order.location)
        with self._publishing[str(order.entity)]:
            if order.place == "repository" and place.revision() != order.revision:
                shutil.rmtree(site, ignore_errors=True)
                context.log("A newer revision has come meanwhile; its build is the one to publish.", "warn")
                return {"superseded": True}
            if not site.is_dir():
                # The disk of the server that built it is not ours, or it was cleared.
                self._build(context, order, site)
            files = site_files(site)
            metadata = make_metadata(
                site_name=cast("str", built["siteName"]),
                site_description=cast("str", built["siteDescription"]),
                files=files,
                etag=order.revision,
                now_ms=self._now_ms(),
            )
            done = publish_site(self._storage, order.entity, site, metadata)
        shutil.rmtree(site, ignore_errors=True)
        context.log(f"Published: {done.uploaded} files written, {done.unchanged} unchanged, {done.removed} removed")
        return {
            "pages": built["pages"],
            "files": len(metadata.files),
            "uploaded": done.uploaded,
            "unchanged": done.unchanged,
            "removed": done.removed,
        }
