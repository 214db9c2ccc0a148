"""Deleting a service: refused without its name, complete with it, and no further than asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

import pytest

from foundation.connections.aws import connect_aws
from foundation.connections.kubernetes import KubernetesApi, connect_cluster
from foundation.errors import ConflictError
from foundation.jsontypes import JsonObject
from foundation.settings import AwsSettings, ClusterSettings
from scaffolder_actions.actions.apply_service import apply_service
from scaffolder_actions.actions.delete_service import delete_service
from scaffolder_actions.actions.model import Action
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.errors import NotConfirmedError, UnknownEnvironmentError
from scaffolder_actions.infrastructure.states import StackState
from scaffolder_actions.rollouts import objects_of
from scaffolder_actions.rollouts.clusters import Clusters
from tests.scaffolder_actions.conftest import DOCUMENT, Recorder

from .conftest import Values

pytestmark = pytest.mark.usefixtures("patient")


class Catalog:
    """The catalog, as far as deleting asks it."""

    def __init__(self) -> None:
        self.withdrawn: list[str] = []

    def withdraw(self, entity: str, _pause: Callable[[float], None]) -> JsonObject:
        self.withdrawn.append(entity)
        return {"entityRefs": [entity]}


@dataclass(frozen=True)
class Service:
    """A service, and everything that is asked about it."""

    name: str
    parts: Parts
    context: Recorder
    api: KubernetesApi
    values: Values
    catalog: Catalog

    @property
    def action(self) -> Action:
        return delete_service(self.parts, self.catalog.withdraw, "default")

    def delete(self, **given: Any) -> dict[str, Any]:
        confirmed = {"name": self.name, "team": "commerce", "confirm": self.name, **given}
        return cast("dict[str, Any]", self.action.run(self.context, confirmed))

    @property
    def kinds(self) -> set[str]:
        """What stands of it in the cluster."""
        return {str(each["kind"]) for each in objects_of(self.api, self.name, "commerce")}

    @property
    def stack(self) -> StackState | None:
        return self.parts.stacks.state(f"staging-{self.name}")


@pytest.fixture
def service(name: str, with_everything: Parts, context: Recorder, api: KubernetesApi, values: Values) -> Service:
    """A service that stands nowhere yet."""
    return Service(name, with_everything, context, api, values, Catalog())


@pytest.fixture
def standing(service: Service) -> Service:
    """The service runs in staging, with a cache, a bucket and a secret of its own."""
    needs = "  dependencies: [{type: redis}, {type: s3}]\n  secrets: [STRIPE_KEY]\n"
    (service.context.workspace / "service.yaml").write_text(DOCUMENT.replace("order-api", service.name) + needs)
    service.values.put(STRIPE_KEY="a")
    apply_service(service.parts).run(service.context, {"environment": "staging", "version": "1.0.0"})
    service.context.lines.clear()
    service.context.steps.clear()
    return service


@pytest.mark.parametrize("confirm", ["", "order"])
def test_without_the_name_nothing_goes(standing: Service, confirm: str) -> None:
    """The error says what would go, what holds data first, and what to type."""
    before = standing.kinds
    with pytest.raises(NotConfirmedError) as raised:
        standing.delete(confirm=confirm)
    message = str(raised.value)
    assert f"Deleting {standing.name} needs your confirmation." in message
    assert f"From staging-{standing.name} goes AWS::ElastiCache::ReplicationGroup Cache (holds data)" in message
    assert "It leaves the catalog." in message
    assert f'confirm: "{standing.name}"' in message
    assert standing.kinds == before
    assert standing.stack is not None


def test_a_dry_run_shows_all_of_it(standing: Service) -> None:
    """Each thing that would go, with where it is and whether it holds data; nothing is asked, and nothing goes."""
    before = standing.kinds
    assert standing.action.plan is not None
    output = cast("Any", standing.action.plan(standing.context, {"name": standing.name, "team": "commerce"}))
    assert (output["status"], output["saved"], output["fromCatalog"]) == ("Planned", [], True)
    held = {each["kind"] for each in output["removed"] if each["holdsData"]}
    assert held == {"AWS::ElastiCache::ReplicationGroup", "AWS::S3::Bucket"}
    assert {each["where"] for each in output["removed"]} == {"cluster", "aws", "vault"}
    assert standing.kinds == before


def test_nothing_is_left(standing: Service, aws: AwsSettings) -> None:
    """Data is saved when nobody writes it any more, and then all is gone: objects, stack, bucket, secrets, entry."""
    bucket, name = standing.values.connections()["BUCKET_NAME"], standing.name
    connect_aws(aws, "s3").put_object(Bucket=bucket, Key="receipt.pdf", Body=b"paid")
    output = standing.delete()
    assert output["status"] == "Deleted"
    assert standing.kinds == set()
    assert standing.stack is None
    assert bucket not in {each["Name"] for each in connect_aws(aws, "s3").list_buckets()["Buckets"]}
    for entry in ("connections", "secrets"):
        assert standing.parts.entries.version(f"commerce/{name}/staging/{entry}") == 0
    assert standing.catalog.withdrawn == [f"component:default/{name}"]

    saved = {each["kind"]: each for each in output["saved"]}
    assert set(saved) == {"AWS::ElastiCache::ReplicationGroup", "AWS::S3::Bucket"}
    archive, _, folder = saved["AWS::S3::Bucket"]["place"].removeprefix("s3://").partition("/")
    kept = connect_aws(aws, "s3").get_object(Bucket=archive, Key=f"{folder}receipt.pdf")["Body"].read()
    assert (kept, saved["AWS::S3::Bucket"]["entries"]) == (b"paid", 1)
    steps = standing.context.steps
    assert steps.index("remove routes on one") < steps.index("remove pods on one") < steps.index("save data of staging")
    assert steps.index("save data of staging") < steps.index("remove the rest on one")
    assert standing.context.levels.count("warn") == 0


def test_deleting_again_is_fine(standing: Service) -> None:
    """What is gone already takes nothing more, and the catalog is told again."""
    standing.delete()
    output = standing.delete()
    assert (output["status"], output["removed"], output["saved"]) == ("Deleted", [], [])
    assert len(standing.catalog.withdrawn) == 2
    assert any(line.startswith("Nothing of it stands.") for line in standing.context.lines)


def test_an_environment_that_nobody_knows(service: Service) -> None:
    """A slip in its name deletes nothing, and says what there is."""
    with pytest.raises(UnknownEnvironmentError, match='environment "stagin"') as raised:
        service.delete(environments=["stagin"])
    assert 'Did you mean "staging"?' in str(raised.value)


def test_the_stack_of_another_team(standing: Service) -> None:
    """Who names another team does not get at what is not theirs."""
    message = f"The stack staging-{standing.name} is of the team commerce, not of payments"
    with pytest.raises(ConflictError, match=message):
        standing.delete(team="payments")


def test_elsewhere_it_goes_on(standing: Service) -> None:
    """Deleted from one environment of two, a service keeps its secrets and its place in the catalog."""
    both = (*standing.parts.clusters.settings, ClusterSettings("two", "production"))
    api = standing.api

    def connect(settings: ClusterSettings) -> KubernetesApi:
        # What stands in staging stands in production as well: it is the same cluster.
        return api if settings.name == "two" else connect_cluster(settings)

    parts = replace(standing.parts, sources=replace(standing.parts.sources, clusters=Clusters(both, connect)))
    elsewhere = replace(standing, parts=parts)
    output = cast("Any", elsewhere.action).plan(
        standing.context, {"name": standing.name, "team": "commerce", "environments": ["staging"]}
    )
    assert output["fromCatalog"] is False
    assert {each["environment"] for each in output["removed"]} == {"staging"}
    assert {each["kind"] for each in output["removed"] if each["where"] == "vault"} == {"Connections"}


def test_without_aws_and_vault(parts: Parts, context: Recorder, api: KubernetesApi) -> None:
    """Where there is neither, a service is what it has in clusters; its repository is named, and stays."""
    parts.sources.git.publish(
        "commerce/order-api", context.workspace, description="", message="Begin", author="Ann <ann@acme.example>"
    )
    apply_service(parts).run(context, {"environment": "staging"})
    action = delete_service(parts, Catalog().withdraw, "default")
    given = {"name": "order-api", "team": "group:default/commerce", "confirm": "order-api"}
    assert action.run(context, given)["repository"] == "http://git.example/commerce/order-api"
    assert not objects_of(api, "order-api", "commerce")
    assert "Its repository stays as it is, at http://git.example/commerce/order-api." in context.lines[-1]
    assert parts.sources.git.find("commerce/order-api") is not None
