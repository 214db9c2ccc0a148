"""Clusters: list and watch into a small store in memory, and say how fresh it is.

`kinds`      what is watched, and where its API is
`discovery`  which further kinds a cluster serves
`slimming`   objects cut down to what rules read
`kept`       an object as it is kept
`references` what an object points at
`selectors`  whose pods an object chooses by their labels
`indexes`    which objects belong together
`store`      the objects of one cluster, by owner, namespace and service
`protocol`   lines of a watch → events
`pace`       how long to wait after trouble
`reflector`  the list/watch loop of one kind
`watcher`    a thread for each kind; the view of one service
`state`      what a view is made of, and when it is stale
`services`   which service an object belongs to
"""

from __future__ import annotations

from catalog_provider.cluster.services import service_of
from catalog_provider.cluster.state import ClusterChange, ClusterState, ClusterView, Connectivity
from catalog_provider.cluster.watcher import ClusterWatcher

__all__ = ["ClusterChange", "ClusterState", "ClusterView", "ClusterWatcher", "Connectivity", "service_of"]
