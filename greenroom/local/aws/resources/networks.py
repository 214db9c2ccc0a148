"""EC2: security groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from greenroom.local.aws.resources.handler import Handler, Made, Properties, Task


class SecurityGroupHandler(Handler):
    """AWS::EC2::SecurityGroup."""

    def create(self, task: Task) -> Made:
        ec2, given = task.calls("ec2"), task.properties
        group = ec2.create_security_group(
            GroupName=task.name, Description=given["GroupDescription"], VpcId=given["VpcId"]
        )["GroupId"]
        # As CloudFormation does it: the rule that lets everything out goes where others are given.
        if given.get("SecurityGroupEgress"):
            (found,) = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
            ec2.revoke_security_group_egress(GroupId=group, IpPermissions=found["IpPermissionsEgress"])
        return self.update(task.of(Made(group, {"GroupId": group, "VpcId": given["VpcId"]})))

    def update(self, task: Task) -> Made:
        ec2, group = task.calls("ec2"), task.made.id
        for field, authorize, revoke in (
            ("SecurityGroupIngress", ec2.authorize_security_group_ingress, ec2.revoke_security_group_ingress),
            ("SecurityGroupEgress", ec2.authorize_security_group_egress, ec2.revoke_security_group_egress),
        ):
            old, new = task.before.get(field, []), task.properties.get(field, [])
            if gone := [each for each in old if each not in new]:
                revoke(GroupId=group, IpPermissions=_permissions(gone))
            if more := [each for each in new if each not in old]:
                authorize(GroupId=group, IpPermissions=_permissions(more))
        if task.properties.get("Tags"):
            ec2.create_tags(Resources=[group], Tags=task.properties["Tags"])
        return task.made

    def delete(self, task: Task) -> None:
        task.calls("ec2").delete_security_group(GroupId=task.made.id)


def _permissions(rules: Sequence[Properties]) -> list[dict[str, Any]]:
    """Rules in the words of the API."""
    found = []
    for rule in rules:
        permission = {
            "IpProtocol": rule["IpProtocol"],
            "FromPort": int(rule["FromPort"]),
            "ToPort": int(rule["ToPort"]),
        }
        if "CidrIp" in rule:
            permission["IpRanges"] = [{"CidrIp": rule["CidrIp"]}]
        if "SourceSecurityGroupId" in rule:
            permission["UserIdGroupPairs"] = [{"GroupId": rule["SourceSecurityGroupId"]}]
        found.append(permission)
    return found
