"""The plugin `docs`: wires settings to builds and builds to HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from foundation.backstage.entities import EntityRef
from foundation.connections.git import connect_git
from foundation.errors import InputError
from foundation.jsontypes import JsonObject
from foundation.leadership import Leadership
from foundation.runs import RunEngine
from foundation.settings import Settings
from foundation.web import Plugin, ServerSentEvent, StreamRequest, caller
from techdocs.builds import KIND, BuildBody, Builds, Places, Watcher, build_of
from techdocs.publishing import open_storage

SPECIFICATION: Final = Path(__file__).with_name("openapi.yaml")


def create_plugin(settings: Settings, runs: RunEngine) -> Plugin:
    """The plugin as the settings describe it. `runs` is started and stopped by whoever hosts the plugin."""
    git = connect_git(settings.git) if settings.catalog.repositories else None
    places = Places(git, settings.catalog.folders)
    storage = open_storage(settings.docs, settings.aws)
    namespace = settings.catalog.namespace
    builds = Builds(runs, places, storage, namespace=namespace)
    runs.register(KIND, BuildBody(places, storage, settings.state.directory / "docs-builds", namespace=namespace))
    # Each look at GitHub counts against its limit; one at this machine's disk costs next to nothing.
    seconds = settings.git.poll_seconds if settings.git.host == "github" else settings.catalog.poll_seconds
    watcher = Watcher(builds, places, namespace=namespace, seconds=seconds)
    # Once, however many processes serve: each look costs the Git host.
    watching = Leadership(settings.state.directory / "docs-watcher.lock", watcher.start, watcher.stop)
    handlers = _Handlers(builds)
    return Plugin(
        id="docs",
        specification=SPECIFICATION,
        operations={
            "requestBuild": handlers.request_build,
            "listBuilds": handlers.list_builds,
            "getBuild": handlers.get_build,
        },
        streams={"/v1/builds/{build_id}/events": handlers.follow_build},
        start=watching.start,
        stop=watching.stop,
    )


class _Handlers:
    """From HTTP to builds and back."""

    def __init__(self, builds: Builds) -> None:
        self._builds = builds

    def request_build(self, body: JsonObject) -> tuple[JsonObject, int]:
        url = body.get("repositoryUrl")
        entity = EntityRef.parse(str(body["entityRef"]))
        run = self._builds.request(entity, str(url) if url else None, caller=caller().subject)
        return build_of(run), 202

    def list_builds(self, entity_ref: str | None = None, limit: int = 50) -> JsonObject:
        entity = EntityRef.parse(entity_ref) if entity_ref else None
        return {"items": [build_of(run) for run in self._builds.list(entity, limit)]}

    def get_build(self, build_id: str) -> JsonObject:
        return build_of(self._builds.get(build_id))

    async def follow_build(self, request: StreamRequest) -> AsyncIterator[ServerSentEvent]:
        text = request.last_event_id or next(iter(request.query.get("after", [])), "0")
        if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 digits of a 64-bit number
            raise InputError(f'after: "{text[:40]}" is not a sequence number.', remedy="Give the last one that came.")
        build_id = request.path["build_id"]
        await asyncio.to_thread(self._builds.get, build_id)
        async for event in self._builds.follow(build_id, int(text)):
            yield event
