"""RDS: instances with managed passwords, their subnets and their parameters."""

from __future__ import annotations

import json
import secrets
from typing import Any

from botocore.exceptions import ClientError

from greenroom.local.aws.calls import ACCOUNT, accepted
from greenroom.local.aws.resources.handler import Handler, Made, Properties, Task

# What RDS itself generates has 28 characters.
PASSWORD_BYTES = 21
# Characters that RDS allows an identifier.
LONGEST = 63


class DatabaseHandler(Handler):
    """AWS::RDS::DBInstance."""

    def create(self, task: Task) -> Made:
        rds = task.calls("rds")
        given = accepted(rds, "CreateDBInstance", _renamed(task.properties))
        made = rds.create_db_instance(**{**given, "DBInstanceIdentifier": identifier(task.name)})["DBInstance"]
        if secret := made.get("MasterUserSecret"):
            _give_password(task, secret["SecretArn"])
        return _made(made)

    def update(self, task: Task) -> Made:
        _refuse_what_rds_refuses(task.before, task.properties)
        rds = task.calls("rds")
        given = accepted(rds, "ModifyDBInstance", _renamed(task.changed))
        # Once it manages the password, there is nothing to switch on again.
        given.pop("ManageMasterUserPassword", None)
        if "Tags" in task.changed:
            retag(rds, task.made.attributes["DBInstanceArn"], task)
        found = rds.modify_db_instance(**{**given, "DBInstanceIdentifier": task.made.id, "ApplyImmediately": True})
        return _made(found["DBInstance"])

    def delete(self, task: Task) -> None:
        try:
            task.calls("rds").delete_db_instance(DBInstanceIdentifier=task.made.id, SkipFinalSnapshot=True)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"DBInstanceNotFound", "DBInstanceNotFoundFault"}:
                raise

    def snapshot(self, task: Task) -> None:
        task.calls("rds").create_db_snapshot(DBInstanceIdentifier=task.made.id, DBSnapshotIdentifier=task.name)


class DatabaseSubnetsHandler(Handler):
    """AWS::RDS::DBSubnetGroup."""

    def create(self, task: Task) -> Made:
        rds, name = task.calls("rds"), task.name.lower()
        given = accepted(rds, "CreateDBSubnetGroup", task.properties)
        rds.create_db_subnet_group(**{**given, "DBSubnetGroupName": name})
        return Made(name)

    def update(self, task: Task) -> Made:
        rds = task.calls("rds")
        given = accepted(rds, "ModifyDBSubnetGroup", task.properties)
        rds.modify_db_subnet_group(**{**given, "DBSubnetGroupName": task.made.id})
        return task.made

    def delete(self, task: Task) -> None:
        task.calls("rds").delete_db_subnet_group(DBSubnetGroupName=task.made.id)


class DatabaseParametersHandler(Handler):
    """AWS::RDS::DBParameterGroup."""

    def create(self, task: Task) -> Made:
        name = task.name.lower()
        task.calls("rds").create_db_parameter_group(
            DBParameterGroupName=name,
            DBParameterGroupFamily=task.properties["Family"],
            Description=task.properties["Description"],
            Tags=task.properties.get("Tags", []),
        )
        return self.update(task.of(Made(name)))

    def update(self, task: Task) -> Made:
        parameters = [
            {"ParameterName": key, "ParameterValue": value, "ApplyMethod": "pending-reboot"}
            for key, value in task.properties.get("Parameters", {}).items()
        ]
        if parameters:
            task.calls("rds").modify_db_parameter_group(DBParameterGroupName=task.made.id, Parameters=parameters)
        return task.made

    def delete(self, task: Task) -> None:
        task.calls("rds").delete_db_parameter_group(DBParameterGroupName=task.made.id)


def identifier(name: str, longest: int = LONGEST) -> str:
    """A name as RDS and ElastiCache take it: in lower case, without two hyphens in a row, and not too long."""
    words = [word for word in name.lower().split("-") if word]
    # What makes it the only one stands at its end.
    start, end = "-".join(words[:-1]), words[-1]
    return f"{start[: longest - len(end) - 1].rstrip('-')}-{end}"


def retag(client: Any, arn: str, task: Task) -> None:
    """Tags as they are wanted now."""
    wanted = task.properties.get("Tags", [])
    gone = {each["Key"] for each in task.before.get("Tags", ())} - {each["Key"] for each in wanted}
    if gone:
        client.remove_tags_from_resource(ResourceName=arn, TagKeys=sorted(gone))
    client.add_tags_to_resource(ResourceName=arn, Tags=wanted)


def _give_password(task: Task, arn: str) -> None:
    """A password of its own; moto has one for all."""
    from moto.secretsmanager.models import secretsmanager_backends

    value = {"username": task.properties["MasterUsername"], "password": secrets.token_urlsafe(PASSWORD_BYTES)}
    task.calls("secretsmanager").put_secret_value(SecretId=arn, SecretString=json.dumps(value))
    # Where moto looks when the password is to be changed at another time.
    kept: Any = secretsmanager_backends[ACCOUNT][task.calls.region].secrets[arn]
    kept.secret_string = json.dumps(value)


def _renamed(properties: Properties) -> dict[str, Any]:
    """Properties by the names of the API's parameters."""
    names = {"VPCSecurityGroups": "VpcSecurityGroupIds"}
    return {names.get(key, key): value for key, value in properties.items()}


def _made(data: dict[str, Any]) -> Made:
    return Made(
        data["DBInstanceIdentifier"],
        {
            "Endpoint.Address": data["Endpoint"]["Address"],
            "Endpoint.Port": str(data["Endpoint"]["Port"]),
            "MasterUserSecret.SecretArn": data.get("MasterUserSecret", {}).get("SecretArn", ""),
            "DBInstanceArn": data["DBInstanceArn"],
            "DbiResourceId": data["DbiResourceId"],
        },
    )


def _refuse_what_rds_refuses(before: Properties, after: Properties) -> None:
    """Shrinking and going back, which moto would do."""
    reason = ""
    if int(after.get("AllocatedStorage", 0)) < int(before.get("AllocatedStorage", 0)):
        reason = "Requested size is smaller than the current one"
    if _numbers(after) < _numbers(before):
        reason = f"Cannot upgrade postgres from {before['EngineVersion']} to {after['EngineVersion']}"
    if reason:
        raise ClientError({"Error": {"Code": "InvalidParameterCombination", "Message": reason}}, "ModifyDBInstance")


def _numbers(properties: Properties) -> list[int]:
    return [int(each) for each in str(properties.get("EngineVersion", "")).split(".") if each.isdigit()]
