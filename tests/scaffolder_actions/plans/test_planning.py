"""The plan of a whole service: what each place says, and what is said where a place says nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from foundation.connections.git import GitHub, LocalRepositories
from foundation.connections.kubernetes import connect_cluster
from foundation.errors import InputError
from foundation.settings import ClusterSettings, GitSettings
from greenroom.local.cluster import SimulatedClusters
from scaffolder_actions.infrastructure.stacks import Stacks
from scaffolder_actions.plans import planning
from scaffolder_actions.plans.model import Plan
from scaffolder_actions.plans.planning import plan_service
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.rollouts.apply import apply, ensure_namespace
from scaffolder_actions.rollouts.clusters import Clusters
from scaffolder_actions.workload import compile_environment
from tests.local_aws import without_aws
from tests.scaffolder_actions.plans.samples import PLATFORM, document, publish, rendered, service

BOTH = document(environments="staging, production")
IMAGE = "registry.localhost/commerce/order-api"


@pytest.fixture
def clusters(
    spare_clusters: tuple[SimulatedClusters, Iterator[str]], simulated: tuple[SimulatedClusters, str]
) -> Clusters:
    """One cluster for each of two environments."""
    server, names = spare_clusters
    _, name = simulated
    made = [("one", "staging", name), ("two", "production", next(names))]
    return Clusters(
        [ClusterSettings(*each[:2], kubeconfig=server.kubeconfig, context=each[2]) for each in made], connect_cluster
    )


@pytest.fixture
def sources(tmp_path: Path, clusters: Clusters, stacks: Stacks) -> Sources:
    """Where nothing of the service stands yet."""
    return Sources(LocalRepositories(tmp_path / "git", "http://localhost:7114"), "", clusters, stacks, PLATFORM)


def run(clusters: Clusters, text: str, environment: str, version: str = "1.4.2") -> None:
    """Have the service run in an environment."""
    for api in clusters.of(environment):
        ensure_namespace(api, "commerce", dry_run=False)
        for each in compile_environment(service(text), environment, version, PLATFORM).objects:
            apply(api, each, warn=lambda _: None)


def verbs(plan: Plan, environment: str) -> set[str]:
    return {each.verb for each in plan.changes if each.environment == environment}


def kustomization(version: str, environment: str = "staging") -> dict[str, str]:
    """The file that says which version an environment has."""
    text = yaml.safe_dump({"images": [{"name": IMAGE, "newTag": version}]})
    return {f"deploy/{environment}/kubernetes/kustomization.yaml": text}


def test_a_new_service(sources: Sources) -> None:
    """Everything would be made, environment by environment, and what all share at the end."""
    plan = plan_service(service(BOTH), None, {}, sources)
    assert {each.verb for each in plan.changes} == {"create"}
    assert list(dict.fromkeys(each.environment for each in plan.changes)) == ["staging", "production", ""]
    wheres = list(dict.fromkeys((each.environment, each.where) for each in plan.changes))
    assert wheres[:2] == [("staging", "cluster"), ("staging", "repository")]
    assert plan.has_changes
    assert not plan.unknown


def test_a_service_that_stands(sources: Sources, tmp_path: Path) -> None:
    """What is in the repository and in the clusters as the document gives it is no change, at the version that stands."""
    run(sources.clusters, BOTH, "staging", "1.5.0")
    run(sources.clusters, BOTH, "production", "1.4.2")
    git = publish(tmp_path, rendered(BOTH, staging="1.5.0", production="1.4.2"))
    plan = plan_service(service(BOTH), None, {}, replace(sources, git=git))
    assert [each for each in plan.changes if each.verb != "keep"] == []
    assert plan.counts["keep"] > 0
    assert not plan.has_changes


def test_a_version_is_changed_where_it_is_given(sources: Sources, tmp_path: Path) -> None:
    """One environment's version is one field of a file and one of the Deployment; other environments keep theirs."""
    run(sources.clusters, BOTH, "staging")
    run(sources.clusters, BOTH, "production")
    git = publish(tmp_path, rendered(BOTH, staging="1.4.2", production="1.4.2"))
    plan = plan_service(service(BOTH), None, {"staging": "1.5.0"}, replace(sources, git=git))
    changed = [each for each in plan.changes if each.verb != "keep"]
    assert [(each.environment, each.where, each.kind) for each in changed] == [
        ("staging", "cluster", "Deployment"),
        ("staging", "repository", "File"),
    ]
    assert [field.after for each in changed for field in each.fields] == [f"{IMAGE}:1.5.0", "1.5.0"]


def test_without_files_the_version_that_runs_is_kept(sources: Sources) -> None:
    """A service that was brought into a cluster without the repository's files is not set back."""
    run(sources.clusters, document(), "staging", "7f3c9a")
    plan = plan_service(service(), None, {}, sources)
    (deployment,) = (each for each in plan.changes if each.kind == "Deployment")
    assert deployment.verb == "keep"


def test_one_environment(sources: Sources, tmp_path: Path) -> None:
    """Looked at alone, an environment's plan has nothing of the others, nor of what all share."""
    git = publish(tmp_path, rendered(BOTH, staging="1.4.2", production="1.4.2"))
    plan = plan_service(service(BOTH), ["staging"], {}, replace(sources, git=git))
    assert {each.environment for each in plan.changes} == {"staging"}
    with pytest.raises(InputError, match='does not run in "stagin"'):
        plan_service(service(BOTH), ["stagin"], {}, sources)


def test_a_version_that_cannot_be(sources: Sources) -> None:
    """Wrong input is the caller's, and no part of a plan."""
    with pytest.raises(InputError, match="is not a version"):
        plan_service(service(), None, {"staging": "latest"}, sources)


def test_an_environment_that_the_document_names_no_more(sources: Sources, tmp_path: Path) -> None:
    """What is left there goes: its files, its objects."""
    run(sources.clusters, BOTH, "production")
    git = publish(tmp_path, rendered(BOTH, staging="1.4.2", production="1.4.2"))
    plan = plan_service(service(document()), None, {}, replace(sources, git=git))
    assert verbs(plan, "production") == {"delete"}
    assert {each.where for each in plan.changes if each.environment == "production"} == {"cluster", "repository"}


def test_a_cluster_out_of_reach(sources: Sources, simulated: tuple[SimulatedClusters, str], tmp_path: Path) -> None:
    """Of its environment it is said what is not known and why; the rest is planned as ever."""
    run(sources.clusters, BOTH, "production")
    git = publish(tmp_path, rendered(BOTH, staging="1.4.2", production="1.4.2"))
    server, name = simulated
    server.disconnect(name)
    try:
        plan = plan_service(service(BOTH), None, {}, replace(sources, git=git))
    finally:
        server.reconnect(name)
    assert list(plan.unknown) == ["staging"]
    assert "Cluster one" in plan.unknown["staging"][0]
    assert {each.where for each in plan.changes if each.environment == "staging"} == {"repository"}
    assert {each.where for each in plan.changes if each.environment == "production"} == {"cluster", "repository"}


def test_an_environment_without_a_cluster(sources: Sources) -> None:
    """The document may name more than the platform has."""
    plan = plan_service(service(document(environments="staging, canary")), None, {}, sources)
    assert plan.unknown["canary"] == [
        'No cluster belongs to the environment "canary". Choose one of production, staging.'
    ]
    assert verbs(plan, "staging") == {"create"}


def test_a_git_host_out_of_reach(sources: Sources, tmp_path: Path) -> None:
    """What the repository holds is not known, of whatever environment; clusters are asked all the same."""
    settings = GitSettings(host="github", directory=tmp_path, organisation="acme", api_url="http://127.0.0.1:9")
    away = replace(sources, git=GitHub(settings), organisation="acme")
    plan = plan_service(service(), None, {}, away)
    assert list(plan.unknown) == [""]
    assert "http://127.0.0.1:9" in plan.unknown[""][0]
    assert {each.where for each in plan.changes} == {"cluster"}


DATABASE = "dependencies: [{type: postgresql}]"


def test_a_database(sources: Sources) -> None:
    """What AWS would make of the service's stack is in the plan, and about what it costs a month."""
    plan = plan_service(service(document(more=DATABASE)), None, {}, sources)
    assert not plan.unknown
    database = next(each for each in plan.changes if each.kind == "AWS::RDS::DBInstance")
    assert (database.where, database.environment, database.place) == ("aws", "staging", "staging-order-api")
    assert (database.name, database.verb, database.needs_confirmation) == ("Database", "create", False)
    cost = plan.cost["staging"]
    assert cost.before == 0
    assert 25 < cost.after < 40
    wheres = list(dict.fromkeys(each.where for each in plan.changes if each.environment == "staging"))
    assert wheres == ["cluster", "aws", "repository"]


def test_a_database_that_the_document_names_no_more(sources: Sources, stacks: Stacks) -> None:
    """To remove it, or to give it up with its environment, the service's name is asked for."""
    text = document(more=DATABASE).replace("order-api", "stock-api")
    stack = compile_environment(service(text), "staging", "1.4.2", PLATFORM).stack
    assert stack is not None
    stacks.apply("staging-stock-api", stack, {"service": "stock-api"}, say=lambda _: None, pause=lambda _: None)
    assert not {each.verb for each in plan_service(service(text), None, {}, sources).changes if each.where == "aws"} - {
        "keep"
    }
    for without in (text.replace(DATABASE, ""), text.replace("[staging]", "[production]")):
        plan = plan_service(service(without), None, {}, sources)
        gone = {each.name: each for each in plan.changes if each.where == "aws" and each.environment == "staging"}
        assert (gone["Database"].verb, gone["Database"].needs_confirmation) == ("delete", True)
        assert plan.as_json()["needsConfirmation"]
        assert plan.cost["staging"].after == 0 < plan.cost["staging"].before


def test_aws_out_of_reach(sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is worth a word where the document or the repository has a stack, and only there."""
    away = replace(sources, stacks=Stacks(without_aws(monkeypatch)))
    assert not plan_service(service(), None, {}, away).unknown
    stood = publish(tmp_path, {"deploy/staging/aws/stack.yaml": "# Made by Greenroom\n"})
    for asked, text in ((replace(away, git=stood), document()), (away, document(more=DATABASE))):
        plan = plan_service(service(text), None, {}, asked)
        assert list(plan.unknown) == ["staging"]
        assert "AWS" in plan.unknown["staging"][0]


def test_what_may_be_left_elsewhere_is_looked_for_quietly(sources: Sources, tmp_path: Path) -> None:
    """A cluster that the document has nothing to do with may be away; one that the repository names may not."""
    settings = [*sources.clusters.settings, ClusterSettings("three", "canary", kubeconfig=tmp_path / "absent")]
    more = replace(sources, clusters=Clusters(settings, connect_cluster))
    assert not plan_service(service(), None, {}, more).unknown
    git = publish(tmp_path, rendered(document(environments="canary"), canary="1.4.2"))
    assert list(plan_service(service(), None, {}, replace(more, git=git)).unknown) == ["canary"]


def test_a_cluster_that_stays_silent(sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for it longer than for a plan."""
    monkeypatch.setattr(planning, "VERSION_SECONDS", 0.05)
    monkeypatch.setattr(planning, "COMPARING_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        kubeconfig = tmp_path / "kubeconfig"
        kubeconfig.write_text(_kubeconfig(f"http://127.0.0.1:{silent.getsockname()[1]}"))
        cluster = ClusterSettings("mute", "staging", kubeconfig=kubeconfig, context="mute")
        plan = plan_service(service(), None, {}, replace(sources, clusters=Clusters([cluster], connect_cluster)))
    assert plan.unknown == {"staging": ["Cluster mute did not answer within 1 s."]}


def _kubeconfig(server: str) -> str:
    return yaml.safe_dump(
        {
            "clusters": [{"name": "mute", "cluster": {"server": server}}],
            "users": [{"name": "mute", "user": {}}],
            "contexts": [{"name": "mute", "context": {"cluster": "mute", "user": "mute"}}],
        }
    )


def test_another_repository(sources: Sources, tmp_path: Path) -> None:
    """A service whose files are elsewhere is compared with them there."""
    git = publish(tmp_path, kustomization("9.9.9"), "commerce/orders")
    plan = plan_service(service(), None, {}, replace(sources, git=git), repository="commerce/orders")
    files = {each.name: each for each in plan.changes if each.where == "repository"}
    assert {each.place for each in files.values()} == {"commerce/orders"}
    assert files["deploy/staging/kubernetes/kustomization.yaml"].blocked is not None
