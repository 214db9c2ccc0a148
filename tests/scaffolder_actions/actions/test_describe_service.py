"""The action that describes a service: its release, and what it owns with its state, without comparing anything."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from foundation.backstage.actions import ActionsRegistry
from foundation.backstage.caller import Caller
from foundation.connections.git import LocalRepositories
from foundation.connections.kubernetes import KubernetesApi, connect_cluster
from foundation.errors import InputError, NotFoundError, ServiceUnavailableError
from foundation.service import ServiceDocumentError, load_service
from foundation.settings import ClusterSettings, PlatformSettings
from scaffolder_actions.actions import describe_service as described
from scaffolder_actions.actions.describe_service import describe_service
from scaffolder_actions.infrastructure.stacks import Stacks
from scaffolder_actions.infrastructure.states import ResourceState, StackState
from scaffolder_actions.plans.owned import StackStates
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.rollouts.apply import apply, ensure_namespace
from scaffolder_actions.rollouts.clusters import Clusters
from scaffolder_actions.workload import compile_environment

WHO = Caller("user:default/ann", "user", "user:default/ann")
DOCUMENT = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  platform: "2026.10"
  environments: [staging]
  exposure: {visibility: public}
  dependencies:
    - {type: postgresql, size: small}
    - {type: redis, size: medium, version: "6.2"}
    - {type: sqs, name: orders}
"""


class States:
    """An account with the stack of one service, or one that is out of reach."""

    def __init__(self, *resources: ResourceState, trouble: str = "") -> None:
        self._resources = resources
        self._trouble = trouble

    def state(self, name: str) -> StackState | None:
        if self._trouble:
            raise ServiceUnavailableError(self._trouble)
        return StackState(name, "arn:stack", "UPDATE_COMPLETE", resources=self._resources)


STANDING = (
    ResourceState("Database", "AWS::RDS::DBInstance", "db-1", "CREATE_COMPLETE"),
    ResourceState("Cache", "AWS::ElastiCache::ReplicationGroup", "c-1", "UPDATE_IN_PROGRESS"),
    ResourceState("OrdersQueue", "AWS::SQS::Queue", None, "CREATE_FAILED", "Too many queues."),
)


@pytest.fixture
def sources(tmp_path: Path, cluster: ClusterSettings, platform: PlatformSettings) -> Sources:
    """A Git host with the service, and an empty cluster. Nothing is planned."""
    folder = tmp_path / "order-api"
    folder.mkdir()
    (folder / "service.yaml").write_text(DOCUMENT)
    host = LocalRepositories(tmp_path / "git", "http://localhost:7114")
    host.publish("commerce/order-api", folder, description="", message="Begin", author="ann")
    return Sources(host, "", Clusters([cluster], connect_cluster), cast("Stacks", None), platform)


def describe(sources: Sources, states: StackStates, **given: str) -> dict[str, Any]:
    registry = ActionsRegistry("platform", [describe_service(sources, states).for_registry()])
    return cast("dict[str, Any]", registry.invoke("platform:describe-service", given, WHO))


def owned(output: dict[str, Any]) -> dict[tuple[str, str], tuple[str, str]]:
    """State and reason of what is owned in the only environment, by where and kind."""
    (environment,) = output["environments"]
    return {(each["where"], each["kind"]): (each["status"], each["reason"]) for each in environment["owns"]}


def test_the_release(sources: Sources) -> None:
    """The one that is pinned, and what each newer one brings."""
    release = describe(sources, States(), repository="commerce/order-api")["release"]
    assert (release["pinned"], release["used"], release["newest"]) == ("2026.10", "2026.10", "2026.11")
    (newer,) = release["newer"]
    assert newer["name"] == "2026.11"
    assert newer["notes"]
    free = DOCUMENT.replace('  platform: "2026.10"\n', "")
    release = describe(sources, States(), document=free)["release"]
    assert (release["pinned"], release["used"], release["newer"]) == (None, "2026.11", [])


def test_what_is_owned_at_aws(sources: Sources) -> None:
    """Each with what the document and the release make of it, and how the stack has it."""
    output = describe(sources, States(*STANDING), repository="commerce/order-api")
    (environment,) = output["environments"]
    assert (environment["host"], environment["visibility"]) == ("order-api.staging.example.com", "public")
    by_kind = {each["kind"]: each for each in environment["owns"] if each["where"] == "aws"}
    assert by_kind["database"]["details"] == {
        "type": "postgresql",
        "size": "small",
        "instance": "db.t4g.small",
        "version": "17",
        "supportedUntil": "2029-11-08",
        "storageGib": 20,
    }
    assert by_kind["cache"]["details"]["version"] == "6.2"
    assert by_kind["queue"]["name"] == "orders-sqs"
    assert by_kind["dns"]["name"] == by_kind["certificate"]["name"] == environment["host"]
    assert {each["place"] for each in by_kind.values()} == {"staging-order-api"}
    states = owned(output)
    assert states["aws", "database"] == ("Healthy", "")
    assert states["aws", "cache"] == ("Progressing", "AWS is working on it")
    assert states["aws", "queue"] == ("Degraded", "Too many queues.")
    assert states["aws", "dns"][0] == "Missing"


def test_what_is_owned_in_a_cluster(sources: Sources, api: KubernetesApi, platform: PlatformSettings) -> None:
    """Route and certificate as their own status says."""
    before = owned(describe(sources, States(), repository="commerce/order-api"))
    assert before["cluster", "dns"] == before["cluster", "certificate"] == ("Missing", "it is not there")
    service = load_service(DOCUMENT, "service.yaml", platform)
    ensure_namespace(api, "commerce", dry_run=False)
    for item in compile_environment(service, "staging", "1.4.2", platform).objects:
        if item["kind"] in {"HTTPRoute", "Certificate"}:
            apply(api, item, warn=print)
    after = owned(describe(sources, States(), repository="commerce/order-api"))
    assert after["cluster", "certificate"][0] in {"Healthy", "Progressing"}


def test_what_does_not_answer_is_unknown(sources: Sources) -> None:
    """Never missing, and never healthy; the rest is told all the same."""
    away = replace(sources, clusters=Clusters([], connect_cluster))
    states = owned(describe(away, States(trouble="AWS does not answer."), repository="commerce/order-api"))
    assert {status for status, _ in states.values()} == {"Unknown"}
    assert states["aws", "database"][1] == "AWS does not answer."
    assert "No cluster belongs to the environment" in states["cluster", "dns"][1]


def test_who_stays_silent_is_not_waited_for(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer says of whom nothing was heard."""
    over = threading.Event()

    class Mute(States):
        def state(self, name: str) -> StackState | None:
            over.wait()
            return None

    monkeypatch.setattr(described, "SECONDS", 0.05)
    states = owned(describe(sources, Mute(), repository="commerce/order-api"))
    over.set()
    assert {status for status, _ in states.values()} == {"Unknown"}
    assert states["aws", "cache"][1] == "AWS, asked for the stack staging-order-api, did not answer within 0 s."


def test_a_service_that_owns_nothing(sources: Sources) -> None:
    """No stack is asked for, and nothing in the cluster."""
    plain = "\n".join(line for line in DOCUMENT.splitlines() if "type:" not in line and "dependencies" not in line)
    output = describe(sources, States(trouble="asked"), document=plain.replace("public", "none"))
    assert output["environments"] == [{"environment": "staging", "host": None, "visibility": "none", "owns": []}]


def test_nothing_to_describe(sources: Sources) -> None:
    """Neither document nor repository, one that is not there, or a document that is wrong."""
    with pytest.raises(InputError, match="nothing to describe"):
        describe(sources, States())
    with pytest.raises(NotFoundError, match='no repository "commerce/none"'):
        describe(sources, States(), repository="commerce/none")
    with pytest.raises(ServiceDocumentError):
        describe(sources, States(), document=DOCUMENT.replace("small", "smal"))
