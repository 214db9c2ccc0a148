"""How soon one changed entity of many is in Backstage's own catalog.

    python -m benchmarks.backstage_catalog [entities]

A stand-in for a cluster's API server, the server and a real Backstage, with PostgreSQL as in production, run in processes of
their own. Each Deployment is a service that no document describes, and so an entity. Once Backstage's catalog has them all, a
team describes its service anew, again every few seconds; a change is timed from before the API server sends it until the
catalog answers with it.
The baseline, in the same run, is what a catalog that takes everything anew needs: the time until the first snapshot is in.
Prints both and their ratio; exits 1 past the limit.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import requests

from benchmarks.measuring import percentile
from benchmarks.stand_in.objects import Fleet
from benchmarks.stand_in.process import RunningStandIn, running
from greenroom.local import portal
from greenroom.local.configuration import local_settings
from greenroom.local.credentials import Credentials, ensure_credentials, write_private
from greenroom.local.layout import Layout
from greenroom.local.parts import portal_part, postgres_part, server_part
from greenroom.local.processes import Part, Processes
from tests.running_platform import eventually, free_ports

# What Backstage processes for the first time in three minutes; 100,000 take it eighteen (`entity_feed` has these without it).
ENTITIES = 20_000
# As in production, instead of the local platform's ways: SQLite, and everything indexed for search each 15 seconds.
PRODUCTION = {
    "APP_CONFIG_backend_database_client": "pg",
    "APP_CONFIG_search_collators_catalog_schedule_frequency": "PT2M",
    "APP_CONFIG_search_collators_techdocs_schedule_frequency": "PT2M",
}
# Changes, and how many seconds one comes after another: not in step with anything that looks once a second.
CHANGES, EVERY = 20, 1.7
# Seconds, from the product's figures.
LIMIT = 2.0
# Seconds until the first snapshot is in, at most: Backstage processes some 140 entities a second.
PATIENCE = 3600.0
# Seconds between two looks at an entity; a look takes some milliseconds.
BETWEEN_LOOKS = 0.02


class Catalog:
    """Backstage's catalog, asked as someone who is signed in."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        # One that is busy for seconds closes a connection that waits, just as the next question is sent on it.
        self._session.headers["Connection"] = "close"

    def sign_in(self) -> None:
        answer = self._session.post(f"{self._url}/api/auth/guest/refresh", json={}, timeout=60)
        token = answer.json()["backstageIdentity"]["token"]
        self._session.headers["Authorization"] = f"Bearer {token}"

    def size(self) -> int:
        """How many Components it has."""
        return int(self._get("entities/by-query?filter=kind=component&limit=0").json()["totalItems"])

    def description(self, service: str) -> str:
        metadata: dict[str, Any] = self._get(f"entities/by-name/component/default/{service}").json()["metadata"]
        return str(metadata.get("description", ""))

    def _get(self, path: str) -> requests.Response:
        answer = self._session.get(f"{self._url}/api/catalog/{path}", timeout=120)
        answer.raise_for_status()
        return answer


def main() -> int:
    """Measure and print; 0 when the limit is kept."""
    entities = int(sys.argv[1]) if len(sys.argv) > 1 else ENTITIES
    with tempfile.TemporaryDirectory() as folder, running(Fleet(entities, 0, 0)) as cluster:
        layout = Layout(Path(folder), free_ports())
        credentials = ensure_credentials(layout)
        configure(layout, credentials, cluster)
        portal.prepare(layout, print)
        processes = Processes(layout)
        parts = (postgres_part(layout, credentials), server_part(layout), backstage_part(layout, credentials))
        try:
            for each in parts:
                began = time.monotonic()
                processes.start(each)
            catalog = Catalog(layout.ports.url("portal"))
            wait_for_all(catalog, entities)
            whole = time.monotonic() - began
            print(f"{entities} entities are in the catalog after {whole:.0f} s", flush=True)
            seconds = changes(catalog, cluster)
        finally:
            for each in reversed(parts):
                processes.stop(each.name)
    median = percentile(seconds, 50)
    print(f"one changed entity  p50 {median:.2f} s   max {max(seconds):.2f} s   {len(seconds)} changes")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"backstage_catalog   a change is in {whole / median:.0f} times sooner than the whole")
    kept = max(seconds) <= LIMIT
    print(f"limit: {LIMIT:g} s: {'kept' if kept else 'NOT kept'}")
    return 0 if kept else 1


def backstage_part(layout: Layout, credentials: Credentials) -> Part:
    """The portal, with its state in PostgreSQL."""
    part = portal_part(layout)
    address = f"postgresql://postgres:{credentials.postgres_password}@localhost:{layout.ports.postgres}"
    connection = {"APP_CONFIG_backend_database_connection": json.dumps(address)}
    return replace(part, environment={**part.environment, **PRODUCTION, **connection})


def configure(layout: Layout, credentials: Credentials, cluster: RunningStandIn) -> None:
    """The local platform's settings, with this cluster and nothing else in the catalog."""
    chosen = local_settings(layout, credentials)
    watched = cluster.cluster(layout.home)
    place = {"name": watched.name, "environment": watched.environment, "kubeconfig": str(watched.kubeconfig)}
    kept = {name: chosen[name] for name in ("server", "backstage", "state", "git", "docs", "log")}
    catalog = {"repositories": False}
    write_private(layout.settings, json.dumps({**kept, "clusters": [place], "catalog": catalog}))


def wait_for_all(catalog: Catalog, entities: int) -> None:
    """Return when the catalog has as many entities, all of them processed."""
    told = 0

    def is_whole() -> bool:
        nonlocal told
        time.sleep(2)
        # A token is good for an hour.
        catalog.sign_in()
        size = catalog.size()
        if size >= told + entities // 10:
            told = size
            print(f"{size} of {entities}", flush=True)
        return size >= entities

    eventually(is_whole, f"a catalog of {entities} entities", PATIENCE)


def changes(catalog: Catalog, cluster: RunningStandIn) -> list[float]:
    """Seconds from each change of a service until the catalog has it; the first one is not counted."""
    seconds, before = [], ""
    for _ in range(CHANGES + 1):
        time.sleep(EVERY)
        cluster.change("deployments", "describe", count=1, rate=1, among=1)
        made = cluster.log()[-1]
        while (after := catalog.description(made.service)) == before or not after.startswith("In its"):
            time.sleep(BETWEEN_LOOKS)
        seconds.append(time.monotonic() - made.at)
        before = after
    return seconds[1:]


if __name__ == "__main__":
    sys.exit(main())
