"""Simulated clusters for the tests of this room: in virtual time, and over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from greenroom.local.cluster import SimulatedClusters
from tests.greenroom.cluster.simulation import Simulation

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
