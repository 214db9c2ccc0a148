"""Applying a service with what it needs of AWS, and its connections: made, kept secret, changed, and taken away."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from hvac.exceptions import InvalidPath

from foundation.connections.aws import connect_aws
from foundation.connections.kubernetes import ClusterNotFoundError, KubernetesApi
from foundation.errors import InputError
from foundation.settings import AwsSettings, VaultSettings
from scaffolder_actions.actions.apply_service import apply_service
from scaffolder_actions.actions.model import Action
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.credentials import Entries
from scaffolder_actions.errors import NotConfirmedError, RolloutError
from tests.scaffolder_actions.conftest import Recorder

from .conftest import Values

pytestmark = pytest.mark.usefixtures("patient")

STAGING = {"environment": "staging", "version": "1.0.0"}


def document(name: str, *dependencies: str, secrets: str = "") -> str:
    needed = "".join(f"    - {{type: {each}}}\n" for each in dependencies)
    return (
        "apiVersion: platform.company.com/v1\nkind: Service\n"
        f"metadata: {{name: {name}, team: commerce}}\n"
        "spec:\n  environments: [staging]\n"
        f"  dependencies:{f'{chr(10)}{needed}' if needed else ' []'}\n"
        f"  secrets: [{secrets}]\n"
    )


class Service:
    """A service that is applied as its document is at the time."""

    def __init__(self, name: str, action: Action, context: Recorder) -> None:
        self.name = name
        self.action = action
        self.context = context

    def apply(self, *dependencies: str, secrets: str = "", **given: Any) -> dict[str, Any]:
        self.write(*dependencies, secrets=secrets)
        return cast("dict[str, Any]", self.action.run(self.context, {**STAGING, **given}))

    def write(self, *dependencies: str, secrets: str = "") -> None:
        (self.context.workspace / "service.yaml").write_text(document(self.name, *dependencies, secrets=secrets))

    def path(self, plural: str) -> str:
        group = "apis/apps/v1" if plural == "deployments" else "apis/external-secrets.io/v1"
        return f"/{group}/namespaces/commerce/{plural}/{self.name}"


@pytest.fixture
def service(name: str, with_everything: Parts, context: Recorder) -> Service:
    return Service(name, apply_service(with_everything), context)


def resources(parts: Parts, name: str) -> set[str]:
    state = parts.stacks.state(f"staging-{name}")
    return {each.type for each in state.resources} if state else set()


def statuses(output: dict[str, Any], where: str) -> dict[str, str]:
    return {each["kind"]: each["status"] for each in output["children"] if each["where"] == where}


def test_everything_that_a_service_needs(service: Service, with_everything: Parts, values: Values) -> None:
    """A stack, connections in Vault, objects in the cluster; each is named with how it is doing."""
    output = service.apply("postgresql", "redis", "s3", "sqs")
    assert output["status"] == "Healthy"
    aws = statuses(output, "aws")
    assert {"AWS::RDS::DBInstance", "AWS::ElastiCache::ReplicationGroup", "AWS::S3::Bucket", "AWS::SQS::Queue"} <= set(
        aws
    )
    assert set(aws) == resources(with_everything, service.name)
    assert statuses(output, "vault") == {"Connections": "Healthy"}
    cluster = statuses(output, "cluster")
    assert {"Deployment", "ExternalSecret", "HTTPRoute", "Certificate", "ListenerSet"} <= set(cluster)
    assert {*aws.values(), *cluster.values()} == {"Healthy"}
    connections = values.connections()
    assert connections["DATABASE_URL"].startswith("postgresql://")
    assert connections["REDIS_URL"].startswith("rediss://")
    assert {"BUCKET_NAME", "QUEUE_URL", "DATABASE_PASSWORD"} <= set(connections)
    assert any(line.startswith("Healthy  aws") for line in service.context.lines)


def test_no_secret_leaves_its_place(service: Service, values: Values) -> None:
    """Neither the log, nor the outputs, nor what is kept of a step has the value of a secret."""
    output = service.apply("postgresql", "redis")
    connections = values.connections()
    secrets = [connections["DATABASE_PASSWORD"], connections["REDIS_URL"].partition("@")[0].rpartition(":")[2]]
    told = json.dumps([output, service.context.lines, service.context.results])
    assert all(secret and secret not in told for secret in secrets)


def test_to_repeat_it_changes_nothing(service: Service, api: KubernetesApi, with_everything: Parts) -> None:
    """The same again makes no version of the connections, no change of the stack, and restarts no pod."""
    service.apply("postgresql")
    before = cast("Any", api.request("GET", service.path("deployments")).body)["metadata"]["generation"]
    output = service.apply("postgresql")
    assert {each["change"] for each in output["objects"]} == {"unchanged"}
    assert with_everything.entries.version(f"commerce/{service.name}/staging/connections") == 1
    assert cast("Any", api.request("GET", service.path("deployments")).body)["metadata"]["generation"] == before
    assert f"Stack staging-{service.name} is as it should be" in service.context.lines


def test_data_goes_only_when_confirmed(
    service: Service, with_everything: Parts, aws: AwsSettings, values: Values
) -> None:
    """The error says what would be lost and what to type; then it is saved first, and what remains is untouched."""
    service.apply("postgresql", "redis")
    for confirm in ({}, {"confirm": "order-ap"}):
        with pytest.raises(NotConfirmedError, match=r"Database \(AWS::RDS::DBInstance\) would be deleted") as raised:
            service.apply("redis", **confirm)
        assert f'confirm: "{service.name}"' in str(raised.value)
        assert "AWS::RDS::DBInstance" in resources(with_everything, service.name)

    output = service.apply("redis", confirm=service.name)
    (saved,) = output["saved"]
    assert (saved["kind"], saved["environment"]) == ("AWS::RDS::DBInstance", "staging")
    snapshots = connect_aws(aws, "rds").describe_db_snapshots(DBSnapshotIdentifier=saved["place"])["DBSnapshots"]
    assert [each["Status"] for each in snapshots] == ["available"]
    assert "AWS::RDS::DBInstance" not in resources(with_everything, service.name)
    assert set(values.connections()) == {"REDIS_URL"}
    # The pods that used it went first.
    waited = service.context.steps.index("wait until it is well", service.context.steps.index("save data") - 4)
    assert waited < service.context.steps.index("save data") < service.context.steps.index("take away at AWS")


def test_nothing_is_left_at_aws(service: Service, with_everything: Parts, api: KubernetesApi, values: Values) -> None:
    """A document that needs nothing any more leaves no stack, no connections and no ExternalSecret."""
    service.apply("redis")
    output = service.apply(confirm=service.name)
    assert [each["kind"] for each in output["saved"]] == ["AWS::ElastiCache::ReplicationGroup"]
    assert with_everything.stacks.state(f"staging-{service.name}") is None
    assert {each["kind"]: each["change"] for each in output["objects"] if each["change"] == "removed"} == {
        "ExternalSecret": "removed"
    }
    with pytest.raises(ClusterNotFoundError):
        api.request("GET", service.path("externalsecrets"))
    with pytest.raises(InvalidPath):
        values.connections()


def test_without_a_vault_nothing_is_begun(service: Service, with_everything: Parts, api: KubernetesApi) -> None:
    """Who could not be told its password is not given a database."""
    parts = Parts(with_everything.sources, with_everything.stacks, Entries(VaultSettings()))
    service.action = apply_service(parts)
    with pytest.raises(InputError, match=r"reaches its postgresql and redis by secrets in Vault.*no Vault"):
        service.apply("postgresql", "redis")
    assert with_everything.stacks.state(f"staging-{service.name}") is None
    with pytest.raises(ClusterNotFoundError):
        api.request("GET", service.path("deployments"))


def test_secrets_without_a_value(service: Service, values: Values, api: KubernetesApi) -> None:
    """What the team has to write is named, with the command, before anything is made; then it is brought along."""
    with pytest.raises(
        InputError, match=r"names secrets that have no value in staging: STRIPE_KEY, SMTP_KEY"
    ) as raised:
        service.apply(secrets="STRIPE_KEY, SMTP_KEY")
    assert f"vault kv put -mount=secret commerce/{service.name}/staging/secrets STRIPE_KEY=…" in str(raised.value)
    values.put(STRIPE_KEY="a")
    with pytest.raises(InputError, match="in staging: SMTP_KEY") as raised:
        service.apply(secrets="STRIPE_KEY, SMTP_KEY")
    assert "vault kv patch" in str(raised.value)
    values.put(STRIPE_KEY="a", SMTP_KEY="b")
    output = service.apply(secrets="STRIPE_KEY, SMTP_KEY")
    assert statuses(output, "cluster")["ExternalSecret"] == "Healthy"


def test_pods_start_anew_with_changed_secrets(service: Service, values: Values, api: KubernetesApi) -> None:
    """A secret that was changed is read again, and pods that run with the old one are replaced: once."""
    values.put(STRIPE_KEY="a")
    service.apply(secrets="STRIPE_KEY")

    def revision() -> str:
        annotations = cast("Any", api.request("GET", service.path("deployments")).body)["metadata"]["annotations"]
        return str(annotations["deployment.kubernetes.io/revision"])

    assert revision() == "1"
    values.put(STRIPE_KEY="b")
    output = service.apply(secrets="STRIPE_KEY")
    assert output["status"] == "Healthy"
    assert revision() == "2"
    assert "one: pods start anew, with the changed secrets" in service.context.lines
    service.apply(secrets="STRIPE_KEY")
    assert revision() == "2"


def test_a_failure_names_the_part(service: Service, api: KubernetesApi) -> None:
    """The run ends with the reason of what is not well, and tells of every part before."""
    service.write()
    text = (service.context.workspace / "service.yaml").read_text()
    patch = (
        "  patches:\n    - target: {kind: Certificate}\n"
        "      merge: {spec: {issuerRef: {group: cert-manager.io, kind: ClusterIssuer, name: nobody}}}\n"
    )
    (service.context.workspace / "service.yaml").write_text(text + patch)
    with pytest.raises(RolloutError, match=f"Certificate {service.name} in cluster one does not become ready"):
        service.action.run(service.context, {**STAGING, "timeoutMinutes": 0.05})
    assert any(line.startswith("Progressing  one") and "Certificate/" in line for line in service.context.lines)
    assert any(line.startswith("Healthy      one") and "Deployment/" in line for line in service.context.lines)
