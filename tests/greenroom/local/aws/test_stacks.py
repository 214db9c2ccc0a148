"""The simulated CloudFormation does to stacks what the real one is documented to do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.greenroom.local.aws.conftest import Client

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {}}
TOPIC = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "orders"}}
DATABASE = {
    "Type": "AWS::RDS::DBInstance",
    "DeletionPolicy": "Snapshot",
    "Properties": {
        "Engine": "postgres",
        "EngineVersion": "17.6",
        "DBInstanceClass": "db.t4g.small",
        "AllocatedStorage": "20",
        "MasterUsername": "app",
        "ManageMasterUserPassword": True,
        "DeletionProtection": True,
    },
}


def template(outputs: dict[str, Any] | None = None, **resources: Any) -> str:
    return json.dumps({"Resources": resources, "Outputs": outputs or {}})


@pytest.fixture
def rested(client: Client) -> Callable[[str], str]:
    """Waits until a stack rests, and gives its status."""

    def wait(name: str) -> str:
        while True:
            status = client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
            if not status.endswith("_IN_PROGRESS"):
                return str(status)
            time.sleep(0.01)

    return wait


@pytest.fixture
def made(client: Client, rested: Callable[[str], str]) -> Callable[..., str]:
    """Makes or changes a stack, and gives the status that it rests in."""

    def make(name: str, body: str) -> str:
        cloudformation = client("cloudformation")
        known = {each["StackName"] for each in cloudformation.describe_stacks()["Stacks"]}
        (cloudformation.update_stack if name in known else cloudformation.create_stack)(
            StackName=name, TemplateBody=body
        )
        return rested(name)

    return make


def resources(client: Client, name: str) -> dict[str, str]:
    found = client("cloudformation").list_stack_resources(StackName=name)["StackResourceSummaries"]
    return {each["LogicalResourceId"]: each["ResourceStatus"] for each in found}


def test_types_that_are_moto_own_work_too(client: Client, made: Callable[..., str]) -> None:
    """With references between them and outputs."""
    output = {"Topic": {"Value": {"Ref": "Topic"}}}
    assert made("topics", template(output, Topic=TOPIC)) == "CREATE_COMPLETE"
    (stack,) = client("cloudformation").describe_stacks(StackName="topics")["Stacks"]
    assert stack["Outputs"][0]["OutputValue"].endswith(":orders")


def test_a_protected_database_keeps_its_stack(
    client: Client, made: Callable[..., str], rested: Callable[[str], str]
) -> None:
    """The rest goes; once the protection is off, the stack goes too, and a snapshot stays."""
    made("protected", template(Database=DATABASE, Queue=QUEUE))
    client("cloudformation").delete_stack(StackName="protected")
    assert rested("protected") == "DELETE_FAILED"
    assert resources(client, "protected") == {"Database": "DELETE_FAILED", "Queue": "DELETE_COMPLETE"}
    (event, *_) = [
        each
        for each in client("cloudformation").describe_stack_events(StackName="protected")["StackEvents"]
        if each["LogicalResourceId"] == "Database"
    ]
    assert "Cannot delete protected DB Instance" in event["ResourceStatusReason"]
    (stack,) = client("cloudformation").describe_stacks(StackName="protected")["Stacks"]
    (found,) = [
        each["PhysicalResourceId"]
        for each in client("cloudformation").list_stack_resources(StackName="protected")["StackResourceSummaries"]
        if each["LogicalResourceId"] == "Database"
    ]
    client("rds").modify_db_instance(DBInstanceIdentifier=found, DeletionProtection=False)
    client("cloudformation").delete_stack(StackName="protected")
    assert rested(stack["StackId"]) == "DELETE_COMPLETE"
    snapshots = client("rds").describe_db_snapshots(DBInstanceIdentifier=found, SnapshotType="manual")["DBSnapshots"]
    assert len(snapshots) == 2  # the first try took one, as at AWS
    with pytest.raises(ClientError, match="does not exist"):
        client("cloudformation").describe_stacks(StackName="protected")


def test_what_is_retained_stays(client: Client, made: Callable[..., str], rested: Callable[[str], str]) -> None:
    """Whether it is taken out of the stack or the stack goes; but not what was made in vain."""
    kept = {"Type": "AWS::S3::Bucket", "DeletionPolicy": "RetainExceptOnCreate", "Properties": {"BucketName": "kept"}}
    made("retaining", template(Bucket=kept, Queue=QUEUE))
    made("retaining", template(Queue=QUEUE))
    assert "kept" in {each["Name"] for each in client("s3").list_buckets()["Buckets"]}
    vain = {**kept, "Properties": {"BucketName": "vain"}}
    broken = {**DATABASE, "DependsOn": "Bucket", "Properties": {**DATABASE["Properties"], "Engine": "no-such-engine"}}  # type: ignore[dict-item]
    assert made("vain", template(Bucket=vain, Database=broken)) == "ROLLBACK_COMPLETE"
    assert "vain" not in {each["Name"] for each in client("s3").list_buckets()["Buckets"]}
    assert rested("vain") == "ROLLBACK_COMPLETE"


def test_there_is_one_empty_stack_for_all_who_plan_at_once(client: Client) -> None:
    """With a change set of each; they go with it."""
    cloudformation = client("cloudformation")
    first, second = (
        cloudformation.create_change_set(
            StackName="planned", ChangeSetName=name, ChangeSetType="CREATE", TemplateBody=template(Queue=QUEUE)
        )
        for name in ("one", "two")
    )
    assert first["StackId"] == second["StackId"]
    cloudformation.delete_change_set(ChangeSetName=first["Id"])
    left = cloudformation.list_change_sets(StackName="planned")["Summaries"]
    assert [each["ChangeSetName"] for each in left] == ["two"]
    cloudformation.delete_stack(StackName="planned")
    assert cloudformation.list_change_sets(StackName="planned")["Summaries"] == []
