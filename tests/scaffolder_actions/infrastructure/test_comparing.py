"""What another template does to each resource, by the templates, and by AWS' own words where there are any."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from scaffolder_actions.infrastructure.change_sets import ChangeSet, as_aws_says
from scaffolder_actions.infrastructure.comparing import HIDDEN, Touched, compared
from scaffolder_actions.infrastructure.schemas import fixed_properties
from tests.scaffolder_actions.infrastructure.documents import document, everything, template

REGION = "eu-west-1"


def stack(**resources: dict[str, Any]) -> Any:
    return {"Resources": resources}


def database(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::RDS::DBInstance", "Properties": {"DBName": "app", **properties}}


def verbs(before: Any, after: Any) -> dict[str, str]:
    return {name: each.verb for name, each in compared(before, after, REGION).items()}


def test_the_schemas_are_those_of_cfn_lint() -> None:
    """Read as files, for each type that stacks are made of: the same that its own reader has."""
    kinds = {each["Type"] for each in template(document(dependencies=everything()))["Resources"].values()}
    assert len(kinds) > 10
    for kind in kinds:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
        fixed = {each.removeprefix("/properties/").replace("/", ".") for each in schema.get("createOnlyProperties", ())}
        assert fixed <= fixed_properties(kind, REGION)


def test_a_type_that_has_no_schema_is_never_replaced() -> None:
    """Such as one that a team brings along."""
    assert fixed_properties("Custom::Thing", REGION) == frozenset()
    assert fixed_properties("AWS::RDS::DBInstance", "moon-west-1") == fixed_properties(
        "AWS::RDS::DBInstance", "us-east-1"
    )


@pytest.mark.parametrize(
    ("before", "after", "verb"),
    [
        (None, database(), "create"),
        (database(), None, "delete"),
        (database(), database(), "keep"),
        (database(DBInstanceClass="a"), database(DBInstanceClass="b"), "update"),
        (database(), database(DBName="other"), "replace"),
        (database(), database(StorageEncrypted=True), "replace"),
        (database(), {**database(), "DeletionPolicy": "Snapshot"}, "update"),
        (database(), {"Type": "AWS::RDS::DBCluster", "Properties": {}}, "replace"),
        (
            {"Type": "AWS::Route53::RecordSet", "Properties": {"Name": "a.example.com", "Type": "A"}},
            {"Type": "AWS::Route53::RecordSet", "Properties": {"Name": "b.example.com", "Type": "A"}},
            "replace",
        ),
    ],
)
def test_a_resource_is_made_changed_replaced_or_removed(before: Any, after: Any, verb: str) -> None:
    """By what AWS' schemas say can be changed."""
    old, new = (None if each is None else stack(Database=each) for each in (before, after))
    assert verbs(old, new) == {"Database": verb}


def test_what_refers_to_a_replaced_one_goes_along() -> None:
    """It changes, or is replaced itself where it cannot change that; and so on from there."""
    group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": "a"}}
    subnets = {"Type": "AWS::RDS::DBSubnetGroup", "Properties": {"DBSubnetGroupName": "a"}}
    rest = {
        "Database": database(
            DBSubnetGroupName={"Ref": "Subnets"}, VPCSecurityGroups=[{"Fn::GetAtt": ["Group", "GroupId"]}]
        ),
        "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmDescription": {"Fn::Sub": "of ${Database}"}}},
        "Other": database(),
    }
    before = stack(Group=group, Subnets=subnets, **rest)
    moved = stack(Group={**group, "Properties": {"VpcId": "b"}}, Subnets=subnets, **rest)
    assert verbs(before, moved) == {
        "Group": "replace",
        "Subnets": "keep",
        "Database": "update",
        "Alarm": "keep",
        "Other": "keep",
    }
    renamed = copy.deepcopy(before)
    renamed["Resources"]["Subnets"]["Properties"]["DBSubnetGroupName"] = "b"
    found = compared(before, renamed, REGION)
    assert (found["Database"].verb, found["Alarm"].verb) == ("replace", "update")
    assert [(each.path, each.before, each.after) for each in found["Alarm"].fields] == [
        ("Properties.AlarmDescription", "the present Database", "the new Database")
    ]


def test_secrets_are_not_shown() -> None:
    """Neither the old value nor the new one; a plan is read by many."""
    before, after = ({"Type": "AWS::ElastiCache::ReplicationGroup", "Properties": {"AuthToken": each}} for each in "ab")
    (field,) = compared(stack(Cache=before), stack(Cache=after), REGION)["Cache"].fields
    assert (field.path, field.before, field.after) == ("Properties.AuthToken", HIDDEN, HIDDEN)


def said(action: str, **more: Any) -> dict[str, Any]:
    return {"Action": action, "LogicalResourceId": "Database", "ResourceType": "AWS::RDS::DBInstance", **more}


def corrected(worked_out: Touched, *changes: dict[str, Any]) -> Touched:
    return as_aws_says({"Database": worked_out}, ChangeSet("id", "stack", "id", changes))["Database"]


WORKED_OUT = compared(stack(Database=database(MultiAZ=False)), stack(Database=database(MultiAZ=True)), REGION)[
    "Database"
]


@pytest.mark.parametrize(
    ("change", "verb"),
    [
        (said("Modify", Replacement="False"), "update"),
        (said("Modify", Replacement="True", PolicyAction="ReplaceAndSnapshot"), "replace"),
        (said("Modify", Replacement="Conditional"), "update"),
        (said("Modify", Replacement="Conditional", PolicyAction="ReplaceAndSnapshot"), "replace"),
        (said("Remove", PolicyAction="Snapshot"), "delete"),
        (said("Add"), "create"),
    ],
)
def test_aws_is_right_where_it_says_something(change: dict[str, Any], verb: str) -> None:
    """Whatever was worked out here."""
    assert corrected(WORKED_OUT, change).verb == verb


def test_aws_says_that_nothing_changes() -> None:
    """Such as for text that differs and means the same."""
    assert (corrected(WORKED_OUT).verb, corrected(WORKED_OUT).fields) == ("keep", ())


def test_fields_come_with_the_values_that_aws_found() -> None:
    """References resolved, each property once; what is not known yet is said in words."""

    def detail(path: str, before: str | None, after: str | None) -> dict[str, Any]:
        target = {"Attribute": "Properties", "Path": path, "BeforeValue": before, "AfterValue": after}
        return {"Target": {key: value for key, value in target.items() if value is not None}, "Evaluation": "Static"}

    change = said(
        "Modify",
        Replacement="False",
        Details=[
            detail("/Properties/DBInstanceClass", "db.t4g.small", "db.m7g.large"),
            detail("/Properties/DBInstanceClass", None, None),
            detail("/Properties/DBParameterGroupName", "old", "{{changeSet:KNOWN_AFTER_APPLY}}"),
            detail("/Properties/VPCSecurityGroups", '["sg-1"]', '["sg-1","sg-2"]'),
            detail("/Properties/MasterUserPassword", "a", "b"),
        ],
    )
    assert [(each.path, each.before, each.after) for each in corrected(WORKED_OUT, change).fields] == [
        ("Properties.DBInstanceClass", "db.t4g.small", "db.m7g.large"),
        ("Properties.DBParameterGroupName", "old", "known once it is made"),
        ("Properties.VPCSecurityGroups", ["sg-1"], ["sg-1", "sg-2"]),
        ("Properties.MasterUserPassword", HIDDEN, HIDDEN),
    ]


def test_what_does_not_say_what_it_replaces_is_no_authority() -> None:
    """Moto's change sets name resources alone; then the templates decide."""
    assert corrected(WORKED_OUT, said("Modify")) == WORKED_OUT
