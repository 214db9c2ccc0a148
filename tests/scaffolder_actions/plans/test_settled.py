"""What holds of every service: once it is applied, its plan is empty, and taking it away is everything there was."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings

from foundation.connections.kubernetes import connect_cluster
from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.settings import ClusterSettings
from greenroom.local.cluster import SimulatedClusters
from scaffolder_actions.plans.cluster import ClusterPlan
from scaffolder_actions.plans.files import compare_files
from scaffolder_actions.plans.standing import Standing
from scaffolder_actions.rollouts.apply import apply, ensure_namespace
from scaffolder_actions.workload import compile_environment, render_service
from tests.judges.documents import PLATFORM, services


# Each example is applied to a cluster of its own, which takes a part of a second.
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(service=services())
def test_what_is_applied_is_settled(service: Service, spare_clusters: tuple[SimulatedClusters, Iterator[str]]) -> None:
    """No default, no status and no controller's work shows as a change; without the document, all of it goes."""
    clusters, names = spare_clusters
    environment = service.environments[0]
    api = connect_cluster(ClusterSettings("one", environment, kubeconfig=clusters.kubeconfig, context=next(names)))
    objects = compile_environment(service, environment, "1.4.2", PLATFORM).objects
    ensure_namespace(api, service.team, dry_run=False)
    for each in objects:
        apply(api, each, warn=lambda _: None)

    def compare(*wanted: JsonObject) -> list[tuple[str, str]]:
        compared = ClusterPlan(api, environment, service.name, service.team, wanted).compare()
        assert not compared.unknown
        return [(each.kind, each.verb) for each in compared.changes if each.verb != "keep"]

    assert compare(*objects) == []
    assert sorted(compare()) == sorted((str(each["kind"]), "delete") for each in objects)


@settings(max_examples=50, deadline=None)
@given(service=services())
def test_what_is_written_is_settled(service: Service) -> None:
    """A tree that stands as it is rendered is no change; without the environments, all of their files go."""
    versions = dict.fromkeys(service.environments, "1.4.2")
    rendered = render_service(service, versions, PLATFORM)
    standing = Standing("commerce/order-api", {path: file.text for path, file in rendered.items()}, set(rendered))
    assert {each.verb for each in compare_files(rendered, standing)} == {"keep"}
    shared = {path: file for path, file in rendered.items() if not path.startswith("deploy/")}
    gone = [each for each in compare_files(shared, standing) if each.verb != "keep"]
    assert {each.environment for each in gone} == set(service.environments)
    assert {each.verb for each in gone} == {"delete"}
