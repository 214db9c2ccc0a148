"""From what the clusters say to the health of an entity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from catalog_provider.cluster.state import ClusterView
from catalog_provider.health.model import EntityHealth


def assess(
    name: str, environments: Sequence[str], clusters: Sequence[ClusterView], now: datetime
) -> EntityHealth | None:
    """The health of the entity `name`, which is declared in `environments`; None: it has none.

    `clusters` has the view of every cluster that is configured. An entity has health where it is
    declared in an environment, and where a cluster has something of it.
    """
    raise NotImplementedError


def continued(before: EntityHealth | None, now: EntityHealth | None) -> EntityHealth | None:
    """`now`, where what has not changed since `before` keeps its earlier `since`."""
    raise NotImplementedError
