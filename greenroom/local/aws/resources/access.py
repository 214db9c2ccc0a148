"""IAM roles, and to which pods EKS gives them."""

from __future__ import annotations

import json
import secrets

from greenroom.local.aws.calls import ACCOUNT
from greenroom.local.aws.resources.handler import Handler, Made, Task

# Characters that IAM allows a role.
LONGEST = 64


class RoleHandler(Handler):
    """AWS::IAM::Role, with policies of its own."""

    def create(self, task: Task) -> Made:
        made = task.calls("iam").create_role(
            RoleName=task.properties.get("RoleName") or task.name[-LONGEST:].lstrip("-"),
            AssumeRolePolicyDocument=json.dumps(task.properties["AssumeRolePolicyDocument"]),
            Description=task.properties.get("Description", ""),
            Tags=task.properties.get("Tags", []),
        )["Role"]
        return self.update(task.of(Made(made["RoleName"], {"Arn": made["Arn"], "RoleId": made["RoleId"]})))

    def update(self, task: Task) -> Made:
        iam, role = task.calls("iam"), task.made.id
        wanted = {each["PolicyName"]: each["PolicyDocument"] for each in task.properties.get("Policies", ())}
        for name, document in wanted.items():
            iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
        for each in task.before.get("Policies", ()):
            if each["PolicyName"] not in wanted:
                iam.delete_role_policy(RoleName=role, PolicyName=each["PolicyName"])
        trust = json.dumps(task.properties["AssumeRolePolicyDocument"])
        iam.update_assume_role_policy(RoleName=role, PolicyDocument=trust)
        iam.tag_role(RoleName=role, Tags=task.properties.get("Tags", []))
        return task.made

    def delete(self, task: Task) -> None:
        iam = task.calls("iam")
        for each in task.properties.get("Policies", ()):
            iam.delete_role_policy(RoleName=task.made.id, PolicyName=each["PolicyName"])
        iam.delete_role(RoleName=task.made.id)


class PodIdentityHandler(Handler):
    """AWS::EKS::PodIdentityAssociation. moto's EKS knows none, so that they stand in their stacks alone."""

    def create(self, task: Task) -> Made:
        number, cluster = f"a-{secrets.token_hex(8)}", task.properties["ClusterName"]
        arn = f"arn:aws:eks:{task.calls.region}:{ACCOUNT}:podidentityassociation/{cluster}/{number}"
        return Made(arn, {"AssociationArn": arn, "AssociationId": number})

    def update(self, task: Task) -> Made:
        return task.made

    def delete(self, task: Task) -> None:
        """It is gone with its stack."""
