from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from catalog_provider.cluster.kinds import KINDS, NAMESPACE, Kind
from catalog_provider.cluster.references import Key
from catalog_provider.cluster.slimming import slim
from catalog_provider.cluster.state import ClusterState, KindState, summarise
from catalog_provider.cluster.store import ClusterStore
from catalog_provider.sources.claims import KeptDocument
from catalog_provider.sources.clusters import ClustersSource
from catalog_provider.sources.collation import Collation
from catalog_provider.sources.memory import GoodDocument
from catalog_provider.sources.model import SourceReading
from foundation.backstage.entities import EntityRef
from foundation.json_fields import mapping_at
from foundation.jsontypes import JsonObject
from foundation.settings import ClusterEntitiesSettings, ClusterSettings
from tests.foundation.health.objects import NOW

FRESH = summarise({kind.key: KindState(synced=True, heard_at=NOW) for kind in KINDS}, NOW)
GONE = ClusterState(FRESH.connectivity, kinds={kind.key: KindState() for kind in KINDS})


class Cluster:
    """A cluster with objects put into it by hand."""

    def __init__(self, name: str = "eu") -> None:
        self.cluster = ClusterSettings(name, environment="production")
        self.store = ClusterStore()
        self.state = FRESH

    def run(self, name: str, space: str = "shop", kind: str = "Deployment", **said: Any) -> None:
        labels, annotations = said.get("labels", {}), said.get("annotations", {})
        uid = f"{space}-{name}"
        metadata = {"name": name, "namespace": space, "uid": uid, "labels": labels, "annotations": annotations}
        self.store.put({"apiVersion": "apps/v1", "kind": kind, "metadata": metadata})

    def annotate(self, space: str, **said: Any) -> None:
        item: Any = {"metadata": {"name": space, "uid": space, **said}}
        self.store.put(slim(NAMESPACE, item))

    def hear(self, kind: Kind, watch: KindState) -> None:
        self.state = replace(self.state, kinds={**self.state.kinds, kind.key: watch})


def source(*clusters: Cluster, remembered: Mapping[str, GoodDocument] | None = None, **settings: Any) -> ClustersSource:
    return ClustersSource(
        clusters, ClusterEntitiesSettings(**settings), lambda _: remembered or {}, lambda: NOW, namespace="default"
    )


def kept(reading: SourceReading) -> list[KeptDocument]:
    return [
        KeptDocument(each.origin, GoodDocument(NOW, NOW, each.declared, each.implied)) for each in reading.documents
    ]


def entities(given: ClustersSource) -> Mapping[str, JsonObject]:
    return collated(kept(given.read())).entities()


def collated(*sources: Sequence[KeptDocument]) -> Collation:
    documents = [{each.origin.location: each for each in source} for source in sources]
    collation = Collation()
    collation.update(set().union(*documents), documents)
    return collation


def test_a_workload_becomes_a_component_with_owner_system_and_links() -> None:
    cluster = Cluster()
    cluster.run(
        "web-blue",
        labels={"app.kubernetes.io/name": "web", "app.kubernetes.io/part-of": "shop", "team": "commerce"},
        annotations={"greenroom/runbook": "https://runbooks.example/web", "greenroom/logs": "javascript:alert(1)"},
    )
    found = entities(source(cluster))
    assert set(found) == {"component:default/web", "system:default/shop"}
    component: Any = found["component:default/web"]
    assert component["spec"] == {
        "type": "service",
        "lifecycle": "production",
        "owner": "group:default/commerce",
        "system": "shop",
    }
    assert component["metadata"]["links"] == [{"title": "Runbook", "url": "https://runbooks.example/web"}]
    assert component["metadata"]["annotations"]["backstage.io/kubernetes-id"] == "web"
    assert component["metadata"]["annotations"]["backstage.io/managed-by-location"] == "kubernetes:eu/web"


def test_one_that_names_no_owner_belongs_to_the_unowned() -> None:
    cluster = Cluster()
    cluster.run("legacy")
    found: Any = entities(source(cluster))
    assert found["component:default/legacy"]["spec"]["owner"] == "group:default/unowned"
    assert "group:default/unowned" in found


@pytest.mark.parametrize(
    ("workload", "space", "owner", "system"),
    [
        ({}, {"labels": {"team": "commerce"}}, "commerce", None),
        ({}, {"annotations": {"greenroom/owner": "commerce", "greenroom/system": "shop"}}, "commerce", "shop"),
        ({"owner": "payments"}, {"annotations": {"greenroom/owner": "commerce"}}, "payments", None),
        ({"team": "payments"}, {"labels": {"app.kubernetes.io/part-of": "shop"}}, "payments", "shop"),
        ({}, {"annotations": {"greenroom/system": "no name", "greenroom/exclude": "true"}}, "unowned", None),
        # It is in the namespace, which is a part of no service by its own name.
        ({}, {"labels": {"app.kubernetes.io/name": "web"}}, "unowned", None),
    ],
)
def test_what_a_workload_does_not_say_its_namespace_says(
    workload: dict[str, str], space: dict[str, dict[str, str]], owner: str, system: str | None
) -> None:
    cluster = Cluster()
    cluster.run("web", labels=workload)
    cluster.annotate("shop", **space)
    component: Any = entities(source(cluster))["component:default/web"]
    assert component["spec"]["owner"] == f"group:default/{owner}"
    assert component["spec"].get("system") == system
    assert [each["kind"] for each in cluster.store.objects_of("web")] == ["Deployment"]


def test_a_namespace_that_changes_changes_whose_its_workloads_are() -> None:
    cluster = Cluster()
    cluster.run("web")
    given = source(cluster)
    for team in ("commerce", "payments"):
        cluster.annotate("shop", labels={"team": team})
        # The namespace itself is no service.
        [component] = entities(given).values()
        assert mapping_at(component, "spec")["owner"] == f"group:default/{team}"


@pytest.mark.parametrize(
    ("watch", "is_read"),
    [
        (KindState(), False),
        (KindState(synced=True, heard_at=NOW), True),
        (KindState(synced=True, heard_at=NOW, refused=True, trouble="no"), True),
        (KindState(refused=True, trouble="namespaces is forbidden"), True),
        (KindState(trouble="it stays silent"), True),
    ],
)
def test_namespaces_are_waited_for_at_the_start_and_no_longer(watch: KindState, is_read: bool) -> None:
    """Nobody's workloads change hands for a moment, and who may not look at namespaces loses nothing else."""
    cluster = Cluster()
    cluster.run("web")
    cluster.hear(NAMESPACE, watch)
    assert bool(source(cluster).read().documents) is is_read


def test_the_group_of_the_unowned_is_where_the_settings_say() -> None:
    cluster = Cluster()
    cluster.run("legacy")
    found = entities(source(cluster, default_owner="group:platform/leftovers"))
    assert set(found) == {"component:default/legacy", "group:platform/leftovers"}


@pytest.mark.parametrize(
    ("space", "annotations", "settings"),
    [
        ("kube-system", {}, {}),
        ("shop", {"greenroom/exclude": "true"}, {}),
        ("shop", {}, {"namespaces": ("team-*",)}),
        ("shop", {}, {"exclude_namespaces": ("sh*",)}),
    ],
)
def test_settings_and_workloads_keep_it_out(space: str, annotations: dict[str, str], settings: dict[str, Any]) -> None:
    cluster = Cluster()
    cluster.run("web", space, annotations=annotations)
    assert not entities(source(cluster, **settings))


def test_a_service_in_two_clusters_is_one_entity() -> None:
    one, other = Cluster("eu"), Cluster("us")
    for each in (one, other):
        each.run("web", labels={"team": "commerce"})
    assert set(entities(source(one, other))) == {"component:default/web"}


def test_what_another_owns_is_a_part_of_it() -> None:
    cluster = Cluster()
    owners = [{"uid": "operator", "controller": True}]
    metadata: Any = {"name": "db-0", "namespace": "shop", "uid": "db", "ownerReferences": owners}
    cluster.store.put({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": metadata})
    assert not entities(source(cluster))


def test_a_cluster_that_does_not_answer_keeps_what_it_had() -> None:
    cluster = Cluster()
    cluster.run("web", labels={"team": "commerce"})
    given = source(cluster)
    before = given.read()
    cluster.state = GONE
    cluster.store.remove(
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"}}
    )
    assert given.read() == before
    remembered = {each.origin.location: each.good for each in kept(before) if each.good}
    assert set(entities(source(cluster, remembered=remembered))) == {"component:default/web"}
    cluster.state = FRESH
    assert not given.read().documents


def test_nothing_is_made_anew_while_nothing_changes() -> None:
    cluster = Cluster()
    cluster.run("web")
    given = source(cluster)
    assert given.read().documents[0] is given.read().documents[0]


@pytest.mark.parametrize("name", ["web", "storefront"])
def test_what_a_person_writes_down_stands_instead(name: str) -> None:
    """Also under another name, where it says that the workload is its own."""
    cluster = Cluster()
    cluster.run("web", labels={"team": "commerce"})
    workloads = kept(source(cluster).read())
    metadata: Any = {"name": name, "namespace": "default", "annotations": {"backstage.io/kubernetes-id": "web"}}
    written: JsonObject = {"apiVersion": "backstage.io/v1alpha1", "kind": "Component", "metadata": metadata, "spec": {}}
    origin = replace(workloads[0].origin, location="url:https://git.example/web/service.yaml")
    found = collated(workloads, [KeptDocument(origin, GoodDocument(NOW, NOW, (written,)))])
    assert list(found.entities().values()) == [written]
    assert found.owner(str(EntityRef.of(written)))


def test_only_what_changed_is_made_anew() -> None:
    """Another service's document is the object given before, and a look that finds nothing gives all as it was."""
    cluster = Cluster()
    cluster.run("web", labels={"team": "commerce"})
    cluster.run("shop", labels={"team": "commerce"})
    given = source(cluster)
    before = {each.origin.location: each for each in given.read().documents}
    cluster.run("web", labels={"team": "payment"})
    after = {each.origin.location: each for each in given.read().documents}
    assert after["kubernetes:eu/shop"] is before["kubernetes:eu/shop"]
    assert after["kubernetes:eu/web"] != before["kubernetes:eu/web"]
    cluster.run("web", labels={"team": "payment"})
    assert given.read() is given.read()
    assert {each.origin.location: each for each in given.read().documents} == after


def test_a_change_that_says_nothing_of_whose_it_is_makes_nothing_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as that of a status, which most are."""
    cluster = Cluster()
    cluster.run("web", labels={"team": "commerce"})
    given = source(cluster)
    before = given.read()
    monkeypatch.setattr("catalog_provider.sources.clusters.workload_document", None)
    cluster.run("web", labels={"team": "commerce"})
    assert given.read() is before


def test_what_changes_during_a_look_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when it is by then what it was before: what was read in between may be another."""
    cluster = Cluster()
    cluster.run("web", labels={"team": "commerce"})
    given = source(cluster)
    real = ClusterStore.having

    def having(store: ClusterStore, keys: Iterable[Key]) -> Iterator[JsonObject]:
        cluster.run("web", labels={"team": "payments"})
        read = list(real(store, keys))
        cluster.run("web", labels={"team": "commerce"})
        return iter(read)

    with monkeypatch.context() as patched:
        patched.setattr(ClusterStore, "having", having)
        found: Any = entities(given)["component:default/web"]
        assert found["spec"]["owner"] == "group:default/payments"
    found = entities(given)["component:default/web"]
    assert found["spec"]["owner"] == "group:default/commerce"


def test_a_workload_that_changes_its_service_leaves_the_one_before() -> None:
    """Also where others stay there, and when it goes for good."""
    cluster = Cluster()
    for name in ("blue", "green"):
        cluster.run(name, labels={"app.kubernetes.io/name": "web", "team": name})
    given = source(cluster)
    assert set(entities(given)) == {"component:default/web"}
    cluster.run("blue", labels={"app.kubernetes.io/name": "shop", "team": "blue"})
    found: Any = entities(given)
    assert {ref: each["spec"]["owner"] for ref, each in found.items()} == {
        "component:default/web": "group:default/green",
        "component:default/shop": "group:default/blue",
    }
    cluster.run("blue", labels={"team": "blue"}, annotations={"greenroom/exclude": "true"})
    cluster.store.remove(
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "green", "namespace": "shop"}}
    )
    assert not entities(given)
