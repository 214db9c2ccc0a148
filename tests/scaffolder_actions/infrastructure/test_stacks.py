"""The life of a stack: planned, made, changed, replaced, taken back; against the simulated AWS over boto3."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from scaffolder_actions.errors import StackError
from tests.scaffolder_actions.infrastructure.conftest import Owned

DATABASE: dict[str, Any] = {"type": "postgresql"}
CACHE: dict[str, Any] = {"type": "redis"}
BUCKET: dict[str, Any] = {"type": "s3"}
QUEUE: dict[str, Any] = {"type": "sqs"}


def test_a_plan_of_a_new_service_makes_everything_and_leaves_nothing(owned: Owned) -> None:
    """Each resource is to be made; and AWS has neither a stack nor a change set afterwards."""
    template = owned.template(DATABASE, CACHE)
    changes = owned.plan(template)
    assert list(changes) == list(template["Resources"])
    assert {each.verb for each in changes.values()} == {"create"}
    assert {(each.where, each.environment, each.place) for each in changes.values()} == {("aws", "staging", owned.name)}
    assert not any(each.needs_confirmation or each.impact for each in changes.values())
    assert owned.stacks.state(owned.name) is None
    stacks = owned.client("cloudformation").list_stacks()["StackSummaries"]
    assert {each["StackStatus"] for each in stacks if each["StackName"] == owned.name} == {"DELETE_COMPLETE"}


def test_applying_makes_the_stack_and_tells_each_step(owned: Owned) -> None:
    """Every resource stands, the outputs say where, and a second time there is nothing to do."""
    template = owned.template(DATABASE, CACHE)
    state = owned.apply(template)
    assert (state.is_done, state.status) == (True, "CREATE_COMPLETE")
    assert {each.name for each in state.resources} == set(template["Resources"])
    assert set(state.outputs) == set(template["Outputs"])
    assert state.tags == owned.tags
    assert "Database (AWS::RDS::DBInstance) is being made" in owned.said
    assert owned.said.index("DatabaseSubnets (AWS::RDS::DBSubnetGroup) is made") < owned.said.index(
        "Database (AWS::RDS::DBInstance) is being made"
    )
    assert owned.said[-1] == f"Stack {owned.name} is made"
    owned.said.clear()
    assert owned.apply(template) == state
    assert owned.said == [f"Stack {owned.name} is as it should be"]
    assert owned.verbs(template) == {}


def test_what_stands_is_as_the_template_says(owned: Owned) -> None:
    """Seen by the services themselves: settings, tags, and a secret that RDS made."""
    owned.apply(owned.template({**DATABASE, "storage": 30}, CACHE, exposure={"visibility": "public"}))
    found = owned.database
    assert (found["AllocatedStorage"], found["MaxAllocatedStorage"], found["DeletionProtection"]) == (30, 90, True)
    assert {each["Key"]: each["Value"] for each in found["TagList"]}["service"] == owned.service
    (cache,) = owned.client("elasticache").describe_replication_groups(ReplicationGroupId=owned.id("Cache"))[
        "ReplicationGroups"
    ]
    assert (cache["AtRestEncryptionEnabled"], cache["TransitEncryptionEnabled"], cache["AuthTokenEnabled"]) == (
        True,
    ) * 3
    certificate = owned.client("acm").describe_certificate(CertificateArn=owned.id("Certificate"))["Certificate"]
    assert certificate["Status"] == "ISSUED"


def test_a_larger_size_changes_the_instance_and_nothing_else(owned: Owned) -> None:
    """The plan names the fields with both values and what becomes unavailable; and so it is done."""
    owned.apply(owned.template(DATABASE, CACHE))
    larger = owned.template({**DATABASE, "size": "medium"}, CACHE)
    assert owned.verbs(larger) == {"Database": "update"}
    change = owned.plan(larger)["Database"]
    fields = {each.path: (each.before, each.after) for each in change.fields}
    assert fields["Properties.DBInstanceClass"] == ("db.t4g.small", "db.m7g.large")
    assert fields["Properties.AllocatedStorage"] == ("20", "100")
    assert "unavailable for some minutes while it restarts, at once" in change.impact
    assert (change.holds_data, change.needs_confirmation, change.blocked) == (True, False, None)
    before = owned.id("Database")
    assert owned.apply(larger).status == "UPDATE_COMPLETE"
    assert (owned.id("Database"), owned.database["DBInstanceClass"]) == (before, "db.m7g.large")


def test_a_queue_that_keeps_the_order_is_another_queue(owned: Owned) -> None:
    """A replacement, which needs the service's name typed; the old ones are gone and what refers to them follows."""
    owned.apply(owned.template(QUEUE))
    ordered = owned.template({**QUEUE, "fifo": True})
    plan = owned.plan(ordered)
    assert {name: each.verb for name, each in plan.items()} == {
        "Queue": "replace",
        "QueueDeadLetters": "replace",
        "QueuePolicy": "update",
        "ServiceRole": "update",
        "PodIdentity": "keep",
    }
    assert plan["Queue"].needs_confirmation
    before = owned.id("Queue").rpartition("/")[2]
    after = owned.apply(ordered).outputs["QueueUrl"].rpartition("/")[2]
    assert after.endswith(".fifo")
    left = {each.rpartition("/")[2] for each in owned.client("sqs").list_queues()["QueueUrls"]}
    assert (before in left, after in left) == (False, True)


def test_a_database_that_is_taken_out_goes_with_a_snapshot(owned: Owned) -> None:
    """Although it is protected from deletion; nothing of it stays but what its policy saves."""
    owned.apply(owned.template(DATABASE, CACHE))
    smaller = owned.template(CACHE)
    assert owned.plan(smaller)["Database"].needs_confirmation
    instance = owned.id("Database")
    owned.apply(smaller)
    rds = owned.client("rds")
    assert instance not in {each["DBInstanceIdentifier"] for each in rds.describe_db_instances()["DBInstances"]}
    snapshots = rds.describe_db_snapshots(DBInstanceIdentifier=instance)["DBSnapshots"]
    assert len(snapshots) == 1


def test_a_plan_without_a_template_removes_everything(owned: Owned) -> None:
    """Each resource goes, with a word about what that means; a stack that is not there needs no plan."""
    assert owned.plan(None) == {}
    template = owned.template(DATABASE, QUEUE)
    owned.apply(template)
    plan = owned.plan(None)
    assert {name: each.verb for name, each in plan.items()} == dict.fromkeys(template["Resources"], "delete")
    assert {name for name, each in plan.items() if each.needs_confirmation} == {"Database", "Queue", "QueueDeadLetters"}
    assert plan["Database"].impact == (
        "The database and what is in it are gone from the service; what is in it is saved first."
    )


def test_storage_that_has_grown_cannot_be_asked_to_shrink(owned: Owned) -> None:
    """By what RDS has, which may be more than any template asked for."""
    owned.apply(owned.template({**DATABASE, "storage": 40}))
    owned.client("rds").modify_db_instance(DBInstanceIdentifier=owned.id("Database"), AllocatedStorage=70)
    assert owned.plan(owned.template({**DATABASE, "storage": 80}))["Database"].blocked is None
    blocked = owned.plan(owned.template({**DATABASE, "storage": 50}))["Database"].blocked
    assert blocked is not None
    assert blocked.startswith("Database has 70 GiB, and RDS cannot shrink storage to 50.")


def test_a_change_that_fails_is_taken_back_and_explained(owned: Owned) -> None:
    """The reason is the first resource's in AWS' own words, and everything is as it was, protection included."""
    owned.apply(owned.template({**DATABASE, "storage": 40}, QUEUE))
    queue = owned.id("Queue")
    with pytest.raises(StackError) as caught:
        owned.apply(owned.template({**DATABASE, "storage": 30, "size": "medium"}, {**QUEUE, "visibilitySeconds": 99}))
    assert "Database (AWS::RDS::DBInstance) cannot be changed: Requested size is smaller" in caught.value.message
    state = owned.stacks.state(owned.name)
    assert state is not None
    assert state.status == "UPDATE_ROLLBACK_COMPLETE"
    found = owned.database
    assert (found["DBInstanceClass"], found["DeletionProtection"]) == ("db.t4g.small", True)
    seconds = owned.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])
    assert seconds["Attributes"] == {"VisibilityTimeout": "30"}


def _broken(template: Any) -> Any:
    """The template with a database that RDS refuses: it would be backed up while it is maintained."""
    broken = copy.deepcopy(template)
    broken["Resources"]["Database"]["Properties"]["PreferredMaintenanceWindow"] = "tue:01:45-tue:02:15"
    return broken


def test_a_stack_that_could_not_be_made_is_made_anew(owned: Owned) -> None:
    """What is left of it is removed first; nothing that costs money stays of the first try."""
    template = owned.template(BUCKET, DATABASE)
    with pytest.raises(StackError, match=r"Database .* cannot be made: .*window"):
        owned.apply(_broken(template))
    state = owned.stacks.state(owned.name)
    assert state is not None
    assert (state.status, owned.verbs(template)["Database"]) == ("ROLLBACK_COMPLETE", "create")
    buckets = [each["Name"] for each in owned.client("s3").list_buckets()["Buckets"]]
    assert not [each for each in buckets if each.startswith(owned.name)]
    assert owned.apply(template).status == "CREATE_COMPLETE"
    assert f"Stack {owned.name} could not be made before; removing what is left of it" in owned.said


def test_an_environment_without_facts_is_named(owned: Owned) -> None:
    """All that is missing at once, with who can mend it; and nothing was made."""
    owned.environment = "nowhere"
    for attempt in (owned.plan, owned.apply):
        with pytest.raises(StackError) as caught:
            attempt(owned.template(DATABASE, environments=["nowhere"]))
        assert "/greenroom/nowhere/private-subnets, /greenroom/nowhere/vpc" in caught.value.message
    assert owned.client("cloudformation").describe_stacks()["Stacks"] is not None
    assert owned.stacks.state(owned.name) is None


def test_other_tags_are_a_change(owned: Owned) -> None:
    """A service that another team takes over is paid for by that team."""
    template = owned.template(QUEUE)
    owned.apply(template)
    tags = {**owned.tags, "team": "logistics"}
    state = owned.stacks.apply(owned.name, template, tags, say=owned.said.append, pause=lambda _: None)
    assert state.tags["team"] == "logistics"


def test_a_template_that_is_too_long_for_a_call_is_fetched_from_the_archive(owned: Owned) -> None:
    """Fifty dependencies are more than CloudFormation takes in one request."""
    queues = [{**QUEUE, "name": f"queue-of-many-{chr(97 + number % 26)}{number}"} for number in range(25)]
    template = owned.template(*queues)
    assert owned.verbs(template).keys() == template["Resources"].keys()


def test_two_who_plan_at_once_do_not_disturb_each_other(owned: Owned) -> None:
    """Each removes its own change set; the empty stack goes with the last."""
    from scaffolder_actions.infrastructure import change_sets
    from scaffolder_actions.infrastructure.clients import AwsClients

    template, clients = owned.template(QUEUE), AwsClients(owned.aws)
    first = change_sets.make(clients, owned.name, template, None, purpose="plan", pause=lambda _: None)
    assert owned.verbs(template)["Queue"] == "create"
    assert [each["ResourceChange"]["Action"] for each in _described(owned, first.id)] == ["Add"] * 5
    change_sets.discard(clients, first)
    assert owned.stacks.state(owned.name) is None
    assert owned.apply(template).is_done


def _described(owned: Owned, change_set: str) -> Any:
    return owned.client("cloudformation").describe_change_set(ChangeSetName=change_set)["Changes"]


def test_logs_are_kept_as_long_as_the_release_says(owned: Owned) -> None:
    """RDS makes their groups without an end and without tags; applying gives them both."""
    owned.apply(owned.template(DATABASE))
    prefix = f"/aws/rds/instance/{owned.id('Database')}/"
    groups = owned.client("logs").describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]
    assert {each["logGroupName"].removeprefix(prefix): each["retentionInDays"] for each in groups} == {
        "postgresql": 14,
        "upgrade": 14,
    }


def test_a_managed_password_does_not_change_behind_the_services_back(owned: Owned) -> None:
    """RDS would change it each week; applying puts that off, and again does nothing."""
    template = owned.template(DATABASE)
    arn = owned.apply(template).outputs["DatabaseSecret"]
    password = owned.stacks.read_secret(arn)
    rules = owned.client("secretsmanager").describe_secret(SecretId=arn)["RotationRules"]
    assert rules["AutomaticallyAfterDays"] == 1000
    owned.apply(template)
    assert owned.stacks.read_secret(arn) == password


def test_protection_that_was_taken_off_comes_back(owned: Owned) -> None:
    """By hand, or for a change that was broken off: CloudFormation does not look."""
    template = owned.template(DATABASE)
    owned.apply(template)
    owned.client("rds").modify_db_instance(DBInstanceIdentifier=owned.id("Database"), DeletionProtection=False)
    owned.apply(template)
    assert owned.database["DeletionProtection"] is True


def test_whatever_else_aws_refuses_is_an_error_for_people(owned: Owned) -> None:
    """With the call and AWS' own words, and no trace of boto3."""
    with pytest.raises(StackError, match="AWS refuses GetSecretValue: Secrets Manager can't find"):
        owned.stacks.read_secret("arn:aws:secretsmanager:eu-west-1:123456789012:secret:none-abcdef")
