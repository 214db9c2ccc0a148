"""A bare HTTP client for a simulated cluster, and waiting without sleeping."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import requests

from greenroom.local.cluster import SimulatedClusters
from greenroom.local.cluster.objects import Manifest

_Result = TypeVar("_Result")
# Seconds that a condition may take on a busy machine; it is met in a fraction of one.
_PATIENCE = 30.0


class Api:
    """One cluster, asked with the token of its kubeconfig."""

    def __init__(self, clusters: SimulatedClusters, cluster: str) -> None:
        self.clusters = clusters
        self.url = f"{clusters.url}/clusters/{cluster}"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {clusters.token}"

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.url + path, timeout=20, **options)

    def post(self, path: str, body: Any) -> requests.Response:
        return self.session.post(self.url + path, json=body, timeout=20)

    def put(self, path: str, body: Any) -> requests.Response:
        return self.session.put(self.url + path, json=body, timeout=20)

    def patch(self, path: str, body: Any, kind: str = "application/merge-patch+json") -> requests.Response:
        headers = {"Content-Type": kind}
        return self.session.patch(self.url + path, data=json.dumps(body), headers=headers, timeout=20)

    def delete(self, path: str, body: Any = None) -> requests.Response:
        return self.session.delete(self.url + path, json=body, timeout=20)

    @contextmanager
    def watch(self, path: str, **query: Any) -> Iterator[Iterator[Manifest]]:
        """The events of a watch, as they come."""
        parameters = {"watch": "1", **query}
        with self.session.get(self.url + path, params=parameters, stream=True, timeout=20) as response:
            assert response.status_code == 200, response.text
            yield (json.loads(line) for line in response.iter_lines(chunk_size=1) if line)


def eventually(look: Callable[[], _Result], holds: Callable[[_Result], bool] = bool) -> _Result:
    """What `look` gives once it holds."""
    end = time.monotonic() + _PATIENCE
    while True:
        found = look()
        if holds(found):
            return found
        assert time.monotonic() < end, f"still {found!r}"


def configuration_map(name: str, **labels: str) -> Manifest:
    """The simplest object there is."""
    return {"metadata": {"name": name, "labels": labels}, "data": {"key": "value"}}
