"""What a database needs besides its stack: settings of things that RDS makes by itself and no template reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foundation.jsontypes import JsonObject
from scaffolder_actions.infrastructure.clients import AwsClients, is_error, words_of
from scaffolder_actions.infrastructure.databases import LOG_DAYS, LOGS
from scaffolder_actions.infrastructure.events import Say
from scaffolder_actions.infrastructure.protection import protect
from scaffolder_actions.infrastructure.states import StackState

DATABASE = "AWS::RDS::DBInstance"
# Days. RDS would change a managed password each week, and the service would not learn of it: its connection is written
# when it is applied. The longest that Secrets Manager allows.
ROTATION_DAYS = 1000
# Days that CloudWatch can be told to keep logs.
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
RETENTIONS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)


def settle(clients: AwsClients, stack: StackState, template: JsonObject, tags: Mapping[str, str], say: Say) -> None:
    """Settle each database of a stack that stands. Can be repeated, and does nothing then."""
    resources: Any = template["Resources"]
    for each in stack.of_type(DATABASE):
        (instance,) = clients("rds").describe_db_instances(DBInstanceIdentifier=each.id)["DBInstances"]
        _keep_password(clients, each.name, instance, say)
        given = resources[each.name]
        if given["Properties"].get("DeletionProtection") and not instance.get("DeletionProtection"):
            # Taken off for a change that then did not happen, or by hand: the stack would not notice.
            protect(clients, [str(each.id)])
        days = given.get("Metadata", {}).get(LOG_DAYS)
        for group in log_groups(str(each.id)) if days else ():
            _keep_logs(clients, group, int(days), tags)
        if waiting := instance.get("PendingModifiedValues"):
            window = instance.get("PreferredMaintenanceWindow")
            say(f"{each.name}: {', '.join(sorted(waiting))} will change in the maintenance window ({window} UTC)")


def log_groups(instance: str) -> Sequence[str]:
    """Where CloudWatch keeps the logs of an instance."""
    return [f"/aws/rds/instance/{instance}/{kind}" for kind in LOGS]


def _keep_password(clients: AwsClients, name: str, instance: Mapping[str, Any], say: Say) -> None:
    from botocore.exceptions import ClientError

    secret = instance.get("MasterUserSecret", {}).get("SecretArn")
    if secret is None:
        return
    manager = clients("secretsmanager")
    rules = manager.describe_secret(SecretId=secret).get("RotationRules", {})
    if rules.get("AutomaticallyAfterDays") == ROTATION_DAYS:
        return
    try:
        manager.rotate_secret(
            SecretId=secret, RotationRules={"AutomaticallyAfterDays": ROTATION_DAYS}, RotateImmediately=False
        )
    except ClientError as error:
        # The database is there and works; its next change of password is what people have to know of.
        say(f"{name}: AWS will change the password by itself, and the service has to be applied again then. "
            f"{words_of(error)}")  # fmt: skip


def _keep_logs(clients: AwsClients, group: str, days: int, tags: Mapping[str, str]) -> None:
    from botocore.exceptions import ClientError

    logs = clients("logs")
    try:
        logs.create_log_group(logGroupName=group, tags=dict(tags))
    except ClientError as error:
        if not is_error(error, "ResourceAlreadyExistsException"):
            raise
    allowed = next((each for each in RETENTIONS if each >= days), RETENTIONS[-1])
    logs.put_retention_policy(logGroupName=group, retentionInDays=allowed)
