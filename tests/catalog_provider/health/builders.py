"""What clusters say of a service, for tests."""

from __future__ import annotations

from catalog_provider.cluster.kinds import KINDS
from catalog_provider.cluster.state import ClusterState, ClusterView, KindState, summarise
from tests.foundation.health.objects import NOW, Item


def fresh() -> ClusterState:
    """A cluster of which everything is known."""
    return summarise({kind.name: KindState(synced=True, heard_at=NOW) for kind in KINDS}, NOW)


def view(
    *objects: Item, environment: str = "production", state: ClusterState | None = None, name: str = ""
) -> ClusterView:
    return ClusterView(name or environment, environment, simulated=False, state=state or fresh(), objects=objects)
