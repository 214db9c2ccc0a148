"""Which kinds a cluster serves, of those that there are rules for.

Of the groups that a cluster has, those alone are looked into that a rule is for: two or three questions in most clusters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from catalog_provider.cluster.kinds import DEFINING, EVENT, KINDS, RELATED, Kind
from catalog_provider.cluster.selectors import TEMPLATE_LABELS
from foundation.connections.kubernetes import ClusterError, ClusterNotFoundError, Response
from foundation.health.kinds import GroupKind, group_kind
from foundation.health.masks import merged
from foundation.health.rulebook import Rulebook
from foundation.json_fields import mappings_at, text_at
from foundation.jsontypes import JsonObject

# Kinds with a rule that are watched only when the settings name them: they tell of the cluster, and not of a service.
NOT_WATCHED = frozenset(
    {
        GroupKind("", "Endpoints"),
        GroupKind("discovery.k8s.io", "EndpointSlice"),
        GroupKind("", "Node"),
        GroupKind("", "PersistentVolume"),
        GroupKind("", "Namespace"),
        GroupKind("apiextensions.k8s.io", "CustomResourceDefinition"),
        GroupKind("apiregistration.k8s.io", "APIService"),
        GroupKind("gateway.networking.k8s.io", "GatewayClass"),
    }
)
# Runs of pipelines and queues come by the thousand, and none is a part of a service that somebody looks for.
_PASSING_GROUPS = frozenset({"tekton.dev", "kueue.x-k8s.io", "karpenter.sh", "snapshot.storage.k8s.io"})


@dataclass(frozen=True)
class ServedKinds:
    """The kinds that a cluster serves, as far as it said.

    `unanswered`: the groups that it did not answer for, and why, as when the server behind an aggregated API is down.
    """

    kinds: tuple[Kind, ...] = ()
    unanswered: Mapping[str, str] = field(default_factory=dict)


class AskedApi(Protocol):
    """What discovery needs of an API server."""

    def request(self, method: str, path: str) -> Response: ...


def workload_kinds(rulebook: Rulebook) -> tuple[Kind, ...]:
    """The workloads that every cluster serves; kept is what a team's own rules read of them beside what the roll-up needs."""
    return tuple(each.reading(rulebook.reads(each.group_kind)) for each in KINDS)


def served_kinds(
    api: AskedApi, rulebook: Rulebook, watched: Collection[str] = (), unwatched: Collection[str] = ()
) -> ServedKinds:
    """What is to be watched beside workloads. `watched` and `unwatched` name kinds as RBAC does: `plural.group`.

    Raises ClusterError where the cluster does not say which groups it has.
    """

    def wanted(kind: Kind) -> bool:
        if kind.full_name in unwatched:
            return False
        is_passing = kind.group_kind in NOT_WATCHED or kind.group_kind.group in _PASSING_GROUPS
        return kind.full_name in watched or (not is_passing and rulebook.rule_of(kind.group_kind) is not None)

    groups = mappings_at(api.request("GET", "/apis").body, "groups")
    served = {text_at(each, "name") for each in groups}
    taken = {each.group_kind for each in (*KINDS, *RELATED, EVENT)}
    found = [each.reading(rulebook.reads(each.group_kind)) for each in RELATED if wanted(each)]
    if EVENT.plural not in unwatched:
        found.append(EVENT)
    custom = _custom_kinds(api, groups, rulebook, watched)
    for kind in custom.kinds:
        if kind.group_kind not in taken and wanted(kind):
            taken.add(kind.group_kind)
            found.append(kind)
    defining = (each for each in DEFINING if each.group_kind not in taken and each.full_name not in unwatched)
    found.extend(each for each in defining if each.group_kind.group in served)
    return ServedKinds(tuple(found), custom.unanswered)


def _custom_kinds(
    api: AskedApi, groups: Iterable[JsonObject], rulebook: Rulebook, watched: Collection[str]
) -> ServedKinds:
    kinds: list[Kind] = []
    unanswered: dict[str, str] = {}
    for group in groups:
        name, version = text_at(group, "name"), _version_of(group)
        if not (version and (rulebook.knows_group(name) or _is_named(name, watched))):
            continue
        try:
            kinds.extend(_of_version(api, version, rulebook))
        except ClusterNotFoundError:
            # The group was taken away between the two questions.
            continue
        except ClusterError as error:
            unanswered[name] = error.message
    return ServedKinds(tuple(kinds), unanswered)


def _version_of(group: JsonObject) -> str:
    preferred = text_at(group, "preferredVersion", "groupVersion")
    return preferred or text_at(next(iter(mappings_at(group, "versions")), {}), "groupVersion")


def _is_named(group: str, watched: Collection[str]) -> bool:
    return any(each.partition(".")[2] == group for each in watched)


def _of_version(api: AskedApi, version: str, rulebook: Rulebook) -> list[Kind]:
    kinds = []
    for each in mappings_at(api.request("GET", f"/apis/{version}").body, "resources"):
        if "/" not in text_at(each, "name") and _can_be_watched(each):
            name = text_at(each, "kind")
            kind = group_kind(version, name)
            further = TEMPLATE_LABELS if rulebook.runs_pods(kind) else {}
            kinds.append(Kind(name, version, text_at(each, "name"), merged(rulebook.reads(kind), further)))
    return kinds


def _can_be_watched(resource: JsonObject) -> bool:
    verbs = resource.get("verbs")
    return isinstance(verbs, (list, tuple)) and {"list", "watch"} <= set(map(str, verbs))
