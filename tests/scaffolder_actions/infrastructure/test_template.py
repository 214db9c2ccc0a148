"""What a Service document needs of AWS, as one CloudFormation template."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from foundation.jsontypes import JsonObject
from scaffolder_actions.infrastructure.naming import stack_name
from scaffolder_actions.infrastructure.template import stack_template
from tests.scaffolder_actions.infrastructure.documents import (
    document,
    documents,
    everything,
    resources,
    template,
    workload,
)

DATABASE, CACHE, BUCKET, QUEUE = ({"type": kind} for kind in ("postgresql", "redis", "s3", "sqs"))


def test_a_service_that_needs_nothing_of_aws_has_no_stack() -> None:
    """Neither without dependencies, nor with another service, nor where it is reached from inside alone."""
    shapes: list[dict[str, Any]] = [
        {},
        {"dependencies": [{"type": "service", "name": "payment-api"}]},
        {"exposure": {}},
    ]
    for spec in shapes:
        assert stack_template(workload(document(**spec), "staging")) is None


def test_the_sample_has_a_database_and_a_cache() -> None:
    """With what they stand in, and who reaches them; nothing more."""
    found = resources(DATABASE, CACHE)
    assert {name: each["Type"] for name, each in found.items()} == {
        "DatabaseSubnets": "AWS::RDS::DBSubnetGroup",
        "CacheSubnets": "AWS::ElastiCache::SubnetGroup",
        "Database": "AWS::RDS::DBInstance",
        "DatabaseParameters": "AWS::RDS::DBParameterGroup",
        "DatabaseSecurityGroup": "AWS::EC2::SecurityGroup",
        "Cache": "AWS::ElastiCache::ReplicationGroup",
        "CacheToken": "AWS::SecretsManager::Secret",
        "CacheSecurityGroup": "AWS::EC2::SecurityGroup",
    }


def test_stacks_are_named_after_environment_and_service() -> None:
    """So that an environment's stacks stand together."""
    assert stack_name("order-api", "staging") == "staging-order-api"


def test_a_database_is_safe_by_default() -> None:
    """Encrypted, closed, saved each night, kept from deletion, and its password never in the template."""
    database = resources(DATABASE)["Database"]
    assert (database["DeletionPolicy"], database["UpdateReplacePolicy"]) == ("Snapshot", "Snapshot")
    expected = {
        "StorageEncrypted": True,
        "PubliclyAccessible": False,
        "DeletionProtection": True,
        "ManageMasterUserPassword": True,
        "EnableCloudwatchLogsExports": ["postgresql", "upgrade"],
        "EnablePerformanceInsights": True,
        "CopyTagsToSnapshot": True,
    }
    assert expected.items() <= database["Properties"].items()
    assert "MasterUserPassword" not in database["Properties"]
    parameters = resources(DATABASE)["DatabaseParameters"]["Properties"]
    assert (parameters["Family"], parameters["Parameters"]["rds.force_ssl"]) == ("postgres17", "1")


def test_environments_get_what_they_are_worth() -> None:
    """Production has a second zone, longer backups, and changes that wait for the maintenance window."""
    staging, production = (resources(DATABASE, CACHE, environment=each) for each in ("staging", "production"))
    for name, field, before, after in (
        ("Database", "MultiAZ", False, True),
        ("Database", "ApplyImmediately", True, False),
        ("Database", "BackupRetentionPeriod", 7, 35),
        ("Cache", "NumCacheClusters", 1, 2),
        ("Cache", "AutomaticFailoverEnabled", False, True),
        ("Cache", "MultiAZEnabled", False, True),
    ):
        assert (staging[name]["Properties"][field], production[name]["Properties"][field]) == (before, after)


def test_storage_grows_by_itself_within_limits() -> None:
    """Up to three times what was asked for, and never past what a volume can have."""
    found = resources({**DATABASE, "storage": 50}, {**DATABASE, "name": "large", "storage": 65536})
    assert found["Database"]["Properties"]["MaxAllocatedStorage"] == 150
    assert found["LargeDatabase"]["Properties"]["MaxAllocatedStorage"] == 65536


def test_a_cache_is_encrypted_and_asks_for_its_token() -> None:
    """The token is generated at AWS and referred to, never written down."""
    found = resources(CACHE)
    assert {
        "AtRestEncryptionEnabled": True,
        "TransitEncryptionEnabled": True,
        "SnapshotRetentionLimit": 7,
        "AuthToken": {"Fn::Sub": "{{resolve:secretsmanager:${CacheToken}:SecretString}}"},
    }.items() <= found["Cache"]["Properties"].items()
    assert found["CacheToken"]["Properties"]["GenerateSecretString"] == {
        "PasswordLength": 64,
        "ExcludePunctuation": True,
    }


@pytest.mark.parametrize(("dependency", "name", "port"), [(DATABASE, "Database", 5432), (CACHE, "Cache", 6379)])
def test_only_the_clusters_nodes_reach_what_holds_data(dependency: dict[str, str], name: str, port: int) -> None:
    """At one port; and from there nothing goes out."""
    group = resources(dependency)[f"{name}SecurityGroup"]["Properties"]
    (rule,) = group["SecurityGroupIngress"]
    assert (rule["FromPort"], rule["ToPort"], rule["SourceSecurityGroupId"]) == (
        port,
        port,
        {"Ref": "NodeSecurityGroup"},
    )
    assert [each["CidrIp"] for each in group["SecurityGroupEgress"]] == ["255.255.255.255/32"]


def test_a_bucket_is_closed_and_kept() -> None:
    """No public access, no unencrypted one, versions to go back to, and no removal by a change of the stack."""
    found = resources({**BUCKET, "expireDays": 90})
    bucket = found["Bucket"]
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    assert [each.get("ExpirationInDays") for each in bucket["Properties"]["LifecycleConfiguration"]["Rules"]] == [
        None,
        90,
    ]
    (denial,) = found["BucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    assert (denial["Effect"], denial["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})


def test_a_queue_sets_aside_what_nobody_could_work_on() -> None:
    """After the tries of the document, in a second queue of the same order."""
    found = resources({**QUEUE, "fifo": True, "visibilitySeconds": 120, "tries": 3})
    assert found["Queue"]["Properties"]["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": ["QueueDeadLetters", "Arn"]},
        "maxReceiveCount": 3,
    }
    assert found["Queue"]["Properties"]["VisibilityTimeout"] == 120
    for name in ("Queue", "QueueDeadLetters"):
        assert found[name]["Properties"]["FifoQueue"] is True
        assert found[name]["Properties"]["SqsManagedSseEnabled"] is True


def test_pods_may_do_what_their_service_needs_and_nothing_else() -> None:
    """A role for buckets and queues alone, for one account of one cluster, with no wildcard among its actions."""
    assert not {"ServiceRole", "PodIdentity"} & resources(DATABASE, CACHE).keys()
    found = resources(BUCKET, QUEUE)
    association = found["PodIdentity"]["Properties"]
    assert (association["Namespace"], association["ServiceAccount"]) == ("commerce", "order-api")
    (policy,) = found["ServiceRole"]["Properties"]["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    assert {each["Effect"] for each in statements} == {"Allow"}
    assert not [action for each in statements for action in each["Action"] if "*" in action]
    assert [each["Resource"] for each in statements] == [
        {"Fn::Sub": "${Bucket.Arn}/*"},
        {"Fn::GetAtt": ["Bucket", "Arn"]},
        {"Fn::GetAtt": ["Queue", "Arn"]},
    ]


def test_a_public_service_has_its_name_and_certificate_at_the_edge() -> None:
    """The record comes once the load balancer has the certificate, which is validated by the zone."""
    found = resources(exposure={"visibility": "public"}, environment="staging")
    assert found["Record"]["Properties"]["Name"] == "order-api.staging.example.com"
    assert found["Record"]["DependsOn"] == ["ListenerCertificate"]
    certificate = found["Certificate"]["Properties"]
    assert certificate["DomainName"] == "order-api.staging.example.com"
    assert certificate["DomainValidationOptions"][0]["HostedZoneId"] == {"Ref": "PublicZone"}


@pytest.mark.parametrize(
    ("host", "fact"),
    [
        (None, "public-zone"),
        ("orders.example.com", "public-zone"),
        ("example.com", "public-zone"),
        ("orders.shop", "public-zones/orders.shop"),
        ("badexample.com", "public-zones/badexample.com"),
    ],
)
def test_a_host_of_another_domain_needs_a_zone_of_its_own(host: str | None, fact: str) -> None:
    """Which the platform team names, and so lets it in."""
    exposure = {"visibility": "public", **({"host": host} if host else {})}
    found = template(document(exposure=exposure))["Parameters"]["PublicZone"]
    assert found["Default"] == f"/greenroom/production/{fact}"


def test_facts_of_the_environment_are_looked_up_by_aws() -> None:
    """Under the environment's path, and only those that the stack uses."""
    found = template(document(dependencies=[DATABASE]), "staging")["Parameters"]
    assert {name: each["Default"] for name, each in found.items()} == {
        "Vpc": "/greenroom/staging/vpc",
        "PrivateSubnets": "/greenroom/staging/private-subnets",
        "NodeSecurityGroup": "/greenroom/staging/node-security-group",
    }
    assert found["PrivateSubnets"]["Type"] == "AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>"


def test_outputs_say_how_each_dependency_is_reached() -> None:
    """By its own name, without anything secret but where it lies."""
    given = document(dependencies=[DATABASE, {**CACHE, "name": "sessions"}, BUCKET, QUEUE])
    assert list(template(given)["Outputs"]) == [
        "DatabaseHost",
        "DatabasePort",
        "DatabaseSecret",
        "SessionsCacheHost",
        "SessionsCachePort",
        "SessionsCacheSecret",
        "BucketName",
        "QueueUrl",
    ]


def test_names_that_look_alike_stay_apart() -> None:
    """Hyphens are lost in a logical id, so names that would meet get something of their own."""
    names = ["a1", "a-1", "a-b", "ab", "dead-letters"]
    found = resources(*({**QUEUE, "name": name} for name in names))
    assert sum(each["Type"] == "AWS::SQS::Queue" for each in found.values()) == 2 * len(names)


def _tags(resource: JsonObject) -> Any:
    properties: Any = resource["Properties"]
    return properties.get("Tags")


@settings(max_examples=60, deadline=None)
@given(given=documents())
def test_any_document_gives_the_same_marked_template_each_time(given: dict[str, Any]) -> None:
    """Plain data, byte for byte the same, and on everything that can be paid for who pays."""
    for environment in given["spec"]["environments"]:
        found = stack_template(workload(given, environment))
        assert json.dumps(found) == json.dumps(stack_template(workload(json.loads(json.dumps(given)), environment)))
        if found is None:
            continue
        for name, each in template(given, environment)["Resources"].items():
            tags = _tags(each)
            untaggable = each["Type"].rpartition("::")[2] in {
                "BucketPolicy",
                "QueuePolicy",
                "RecordSet",
                "ListenerCertificate",
            }
            assert untaggable == (tags is None), name
            owned = {
                "team": given["metadata"]["team"],
                "service": given["metadata"]["name"],
                "environment": environment,
                "managed-by": "greenroom",
            }
            assert untaggable or owned.items() <= {tag["Key"]: tag["Value"] for tag in tags}.items()


@settings(max_examples=60, deadline=None)
@given(given=documents())
def test_taking_a_dependency_away_touches_no_other(given: dict[str, Any]) -> None:
    """What remains is as it was; but for the role, which loses rights."""
    *rest, dropped = given["spec"]["dependencies"]
    environment = given["spec"]["environments"][0]
    before = template(given, environment)["Resources"]
    after = stack_template(workload({**given, "spec": {**given["spec"], "dependencies": rest}}, environment))
    remaining: Any = after["Resources"] if after else {}
    assert remaining.keys() < before.keys()
    changed = {name for name, each in remaining.items() if each != before[name]}
    assert changed <= ({"ServiceRole"} if dropped["type"] in {"s3", "sqs"} else set())


@pytest.mark.parametrize(
    ("change", "touched"),
    [
        ({"size": "medium"}, {"Database": {"DBInstanceClass", "AllocatedStorage", "MaxAllocatedStorage"}}),
        ({"storage": 40}, {"Database": {"AllocatedStorage", "MaxAllocatedStorage"}}),
        ({"version": "16"}, {"Database": {"EngineVersion"}, "DatabaseParameters": {"Family"}}),
    ],
)
def test_a_small_edit_is_a_small_change(change: dict[str, Any], touched: dict[str, set[str]]) -> None:
    """Of the properties that the edit is about, in the one database that it is about."""
    before = resources(*everything())
    after = resources({**DATABASE, **change}, *everything()[1:])
    assert before.keys() == after.keys()
    different = {
        name: {field for field, value in each["Properties"].items() if value != before[name]["Properties"][field]}
        for name, each in after.items()
        if each != before[name]
    }
    assert different == touched
