"""Simulated clusters for the tests of this room: in virtual time, and over HTTP."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from greenroom.local.cluster import SimulatedClusters
from tests.greenroom.cluster.http_client import Api
from tests.greenroom.cluster.kubectl import Kubectl
from tests.greenroom.cluster.simulation import NAMESPACE, Simulation

_NUMBERS = itertools.count(1)
RECORDINGS = Path(__file__).parents[2] / "data" / "kubernetes-wire"


@pytest.fixture
def simulation() -> Simulation:
    """A cluster in virtual time."""
    return Simulation()


@pytest.fixture(scope="module")
def clusters() -> Iterator[SimulatedClusters]:
    """Two clusters over HTTP, a hundred times quicker than a person wants them."""
    with SimulatedClusters(["staging", "production"], pace=0.01) as running:
        yield running


@pytest.fixture(scope="session")
def recordings() -> Path:
    """What a real API server said."""
    return RECORDINGS


@pytest.fixture
def api(clusters: SimulatedClusters) -> Api:
    """The cluster `staging` over plain HTTP."""
    return Api(clusters, "staging")


@pytest.fixture
def namespace(api: Api) -> str:
    """A namespace that no other test has."""
    name = f"test-{next(_NUMBERS)}"
    assert api.post("/api/v1/namespaces", {"metadata": {"name": name}}).status_code == 201
    return name


@pytest.fixture(scope="module")
def kubectl(clusters: SimulatedClusters, tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    """kubectl, with the namespace `commerce` made by it."""
    command = Kubectl(clusters, tmp_path_factory.mktemp("kubectl"))
    assert command("create", "namespace", NAMESPACE) == f"namespace/{NAMESPACE} created\n"
    return command
