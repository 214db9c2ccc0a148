"""Deleting leaves nothing that costs money, and nothing that held data unsaved."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.scaffolder_actions.infrastructure.conftest import Owned
from tests.scaffolder_actions.infrastructure.documents import everything

BUCKET: dict[str, Any] = {"type": "s3"}
Archived = Callable[[], dict[str, bytes]]


def standing(owned: Owned) -> set[str]:
    """Everything at AWS that bears the service's name and is paid for, but snapshots and the archive."""
    found = {each["DBInstanceIdentifier"] for each in owned.client("rds").describe_db_instances()["DBInstances"]}
    groups = owned.client("elasticache").describe_replication_groups()["ReplicationGroups"]
    found |= {each["ReplicationGroupId"] for each in groups}
    found |= {each["Name"] for each in owned.client("s3").list_buckets()["Buckets"]}
    found |= {each.rpartition("/")[2] for each in owned.client("sqs").list_queues().get("QueueUrls", [])}
    found |= {each["Name"] for each in owned.client("secretsmanager").list_secrets()["SecretList"]}
    found |= {each["RoleName"] for each in owned.client("iam").list_roles()["Roles"]}
    found |= {each["logGroupName"].split("/")[4] for each in owned.client("logs").describe_log_groups()["logGroups"]}
    found |= {each["StackName"] for each in owned.client("cloudformation").describe_stacks()["Stacks"]}
    certificates = owned.client("acm").list_certificates()["CertificateSummaryList"]
    found |= {f"{owned.name} {each['DomainName']}" for each in certificates if owned.service in each["DomainName"]}
    # Names of caches may be shortened.
    return {each for each in found if each.startswith(owned.name[:20])}


def test_everything_goes_and_its_data_stays(owned: Owned, archived: Archived) -> None:
    """Protected databases, buckets that are kept by their policy, logs that no stack has: all of them."""
    owned.apply(owned.template(*everything(), exposure={"visibility": "public"}))
    owned.client("s3").put_object(Bucket=owned.id("ReportsBucket"), Key="2026/11.csv", Body=b"1")
    owned.client("sqs").send_message(QueueUrl=owned.id("QueueDeadLetters"), MessageBody="nobody could")
    instances = [owned.id("Database"), owned.id("OrdersDatabase")]
    assert len(standing(owned)) > 12
    owned.delete()
    assert standing(owned) == set()
    assert owned.stacks.state(owned.name) is None
    kept = archived()
    assert kept.pop("run-1/ReportsBucket/2026/11.csv") == b"1"
    (message,) = kept.values()
    assert json.loads(message)["Body"] == "nobody could"
    snapshots = owned.client("rds").describe_db_snapshots()["DBSnapshots"]
    assert {each["DBInstanceIdentifier"] for each in snapshots} >= set(instances)


def test_deleting_again_does_nothing(owned: Owned) -> None:
    """Neither does it for a service that never had anything."""
    owned.delete()
    owned.apply(owned.template(BUCKET))
    owned.delete()
    owned.said.clear()
    owned.delete()
    assert owned.said == []


def test_an_empty_stack_of_a_killed_plan_goes_too(owned: Owned) -> None:
    """CloudFormation keeps one for each change set of a stack that does not exist."""
    owned.client("cloudformation").create_change_set(
        StackName=owned.name,
        ChangeSetName="greenroom-plan-0",
        ChangeSetType="CREATE",
        TemplateBody=json.dumps(owned.template(BUCKET)),
    )
    owned.delete()
    assert owned.name not in standing(owned)


def test_a_bucket_that_the_document_names_no_more_is_found(owned: Owned, archived: Archived) -> None:
    """It was kept when it was taken out; its tags say whose it is."""
    owned.apply(owned.template(BUCKET, {**BUCKET, "name": "reports"}))
    dropped = owned.id("ReportsBucket")
    owned.client("s3").put_object(Bucket=dropped, Key="old", Body=b"1")
    owned.apply(owned.template(BUCKET))
    assert "ReportsBucket (AWS::S3::Bucket) is kept, outside of the stack" in owned.said
    assert dropped in standing(owned)
    owned.delete()
    assert standing(owned) == set()
    assert archived() == {f"run-1/{dropped}/old": b"1"}


def test_old_versions_and_unfinished_uploads_do_not_hold_a_bucket_up(owned: Owned, archived: Archived) -> None:
    """What was overwritten or deleted goes with it; the archive has what was there."""
    owned.apply(owned.template(BUCKET))
    s3, bucket = owned.client("s3"), owned.id("Bucket")
    for body in (b"1", b"2"):
        s3.put_object(Bucket=bucket, Key="a", Body=body)
    s3.put_object(Bucket=bucket, Key="b", Body=b"3")
    s3.delete_object(Bucket=bucket, Key="b")
    s3.create_multipart_upload(Bucket=bucket, Key="c")
    owned.delete()
    assert standing(owned) == set()
    assert archived() == {"run-1/Bucket/a": b"2"}
