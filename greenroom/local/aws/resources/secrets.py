"""Secrets Manager: secrets that are generated."""

from __future__ import annotations

import json

from greenroom.local.aws.calls import accepted
from greenroom.local.aws.resources.handler import Handler, Made, Task


class SecretHandler(Handler):
    """AWS::SecretsManager::Secret."""

    def create(self, task: Task) -> Made:
        made = task.calls("secretsmanager").create_secret(
            Name=task.name,
            Description=task.properties.get("Description", ""),
            SecretString=_value(task),
            Tags=task.properties.get("Tags", []),
        )
        return Made(made["ARN"], {"Id": made["ARN"]})

    def update(self, task: Task) -> Made:
        task.calls("secretsmanager").tag_resource(SecretId=task.made.id, Tags=task.properties.get("Tags", []))
        return task.made

    def delete(self, task: Task) -> None:
        # As CloudFormation does it: without the days in which one could be had back.
        task.calls("secretsmanager").delete_secret(SecretId=task.made.id, ForceDeleteWithoutRecovery=True)


def _value(task: Task) -> str:
    rules = task.properties.get("GenerateSecretString")
    if rules is None:
        return str(task.properties.get("SecretString", ""))
    manager = task.calls("secretsmanager")
    password = manager.get_random_password(**accepted(manager, "GetRandomPassword", rules))["RandomPassword"]
    if "GenerateStringKey" not in rules:
        return str(password)
    return json.dumps({**json.loads(rules.get("SecretStringTemplate", "{}")), rules["GenerateStringKey"]: password})
