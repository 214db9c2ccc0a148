"""What is known of a cluster, and how fresh that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from foundation.jsontypes import JsonObject

# API servers send a bookmark each minute on every watch that asked for them
# (k8s.io/apiserver/pkg/storage/cacher, defaultBookmarkFrequency); 15 s more covers a busy server.
STALE_AFTER = timedelta(seconds=75)
# An API server behind one address restarts within this; until then what is known still stands.
FAILING_AFTER = timedelta(seconds=10)


class Connectivity(StrEnum):
    """Whether a cluster answers."""

    STARTING = "starting"
    CONNECTED = "connected"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class KindState:
    """How the watch of one kind fares.

    `synced`: its objects were listed at least once. `heard_at`: the last answer, event or bookmark.
    `trouble`: why there is none now, as a sentence, and `failing_since` when; `refused`: we may not list
    this kind.
    """

    synced: bool = False
    heard_at: datetime | None = None
    trouble: str | None = None
    failing_since: datetime | None = None
    refused: bool = False

    def word(self, now: datetime) -> str:
        """How the watch fares, in a word: fresh, starting, refused or stale."""
        if self.is_fresh(now):
            return "fresh"
        if self.refused:
            return "refused"
        return "stale" if self.synced or self.trouble else "starting"

    def is_fresh(self, now: datetime) -> bool:
        """Whether the kept objects say what the cluster says."""
        if not self.synced or self.refused or self.heard_at is None:
            return False
        is_failing = self.failing_since is not None and now - self.failing_since > FAILING_AFTER
        return not is_failing and now - self.heard_at <= STALE_AFTER


@dataclass(frozen=True)
class ClusterState:
    """Whether a cluster answers, why not, and since when: `last_seen_at` is its last answer to anything.

    `kinds` is by their keys; where a cluster does not say which kinds a group has, it has `*.group`.
    """

    connectivity: Connectivity
    message: str | None = None
    last_seen_at: datetime | None = None
    kinds: Mapping[str, KindState] = field(default_factory=dict)


@dataclass(frozen=True)
class ClusterView:
    """One cluster as one service sees it in one environment, at one moment: everything that a verdict is made of.

    `objects` are the slimmed objects of the service, with those they own, in no order. `context` is what its kubeconfig calls
    the cluster, empty where nobody knows.
    """

    name: str
    environment: str
    simulated: bool
    state: ClusterState
    objects: tuple[JsonObject, ...] = ()
    context: str = ""


@dataclass(frozen=True)
class ClusterChange:
    """Something in a cluster is no longer as it was: `services` are the names of those it may concern.

    None concerns every service: the cluster came, went, or was silent for too long.
    """

    cluster: str
    services: frozenset[str] | None


def summarise(kinds: Mapping[str, KindState], now: datetime) -> ClusterState:
    """The state of the whole cluster, out of that of the watches of its kinds."""
    heard = [each.heard_at for each in kinds.values() if each.heard_at]
    troubles = [each.trouble for each in kinds.values() if each.trouble]
    if any(each.is_fresh(now) for each in kinds.values()):
        waiting = any(not each.synced and not each.refused for each in kinds.values())
        connectivity = Connectivity.STARTING if waiting else Connectivity.CONNECTED
    elif not heard and not troubles:
        connectivity = Connectivity.STARTING
    else:
        connectivity = Connectivity.UNREACHABLE
    silence = "It has not been heard of for over 75 seconds." if connectivity is Connectivity.UNREACHABLE else None
    return ClusterState(
        connectivity=connectivity,
        message=troubles[0] if troubles else silence,
        last_seen_at=max(heard, default=None),
        kinds=kinds,
    )
