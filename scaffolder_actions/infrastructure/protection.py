"""Protection from deletion, taken off a database right before it is meant to go."""

from __future__ import annotations

from collections.abc import Sequence

from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure.clients import AwsClients, is_error
from scaffolder_actions.infrastructure.events import LAST_LOOK, Pause, Say

_MISSING = ("DBInstanceNotFound", "DBInstanceNotFoundFault")
# What RDS answers while it works on an instance, such as on the nightly backup.
_BUSY = ("InvalidDBInstanceState", "InvalidDBInstanceStateFault")
# Looks until a busy instance is given up: half an hour, longer than all that RDS does to one but converting storage.
LOOKS = 360


def unprotect(clients: AwsClients, instances: Sequence[str], *, say: Say, pause: Pause) -> None:
    """Let these instances be deleted. Those that are gone already are left out."""
    for instance in instances:
        say(f"Taking the protection from deletion off {instance}")
        for _ in range(LOOKS):
            if _set(clients, instance, protected=False):
                break
            pause(LAST_LOOK)
        else:
            raise StackError(f"RDS is busy with {instance}.", remedy="Try again once the instance is available.")


def protect(clients: AwsClients, instances: Sequence[str]) -> None:
    """Protect these instances again, as far as they are there and RDS can."""
    for instance in instances:
        _set(clients, instance, protected=True)


def _set(clients: AwsClients, instance: str, *, protected: bool) -> bool:
    """Whether it was done, or the instance is not there; False where RDS is busy with it."""
    from botocore.exceptions import ClientError

    try:
        clients("rds").modify_db_instance(
            DBInstanceIdentifier=instance, DeletionProtection=protected, ApplyImmediately=True
        )
    except ClientError as error:
        if not is_error(error, *_MISSING, *_BUSY):
            raise
        return is_error(error, *_MISSING)
    return True
