"""Snapshots of databases and caches, waited for until they are whole."""

from __future__ import annotations

from collections.abc import Callable

from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure.clients import is_error
from scaffolder_actions.infrastructure.events import FIRST_LOOK, LAST_LOOK
from scaffolder_actions.infrastructure.saving.model import Saved, Saving
from scaffolder_actions.infrastructure.states import ResourceState

# Characters of a name that RDS and ElastiCache take.
LONGEST_OF_RDS, LONGEST_OF_ELASTICACHE = 255, 50
_THERE = ("DBSnapshotAlreadyExists", "DBSnapshotAlreadyExistsFault", "SnapshotAlreadyExistsFault")
_BUSY = (
    *("InvalidDBInstanceState", "InvalidDBInstanceStateFault"),
    *("InvalidReplicationGroupState", "InvalidReplicationGroupStateFault", "InvalidCacheClusterState"),
)
_GONE = (
    *("DBInstanceNotFound", "DBInstanceNotFoundFault"),
    *("ReplicationGroupNotFoundFault", "CacheClusterNotFound", "CacheClusterNotFoundFault"),
)
_MISSING = ("DBSnapshotNotFound", "DBSnapshotNotFoundFault", "SnapshotNotFoundFault")
# Gives the status of a snapshot.
Look = Callable[[], str]


def save_database(saving: Saving, resource: ResourceState) -> Saved | None:
    """A manual snapshot of an instance, which outlives it."""
    rds = saving.clients("rds")
    name = saving.snapshot_name(resource.name, LONGEST_OF_RDS)
    tags = [{"Key": key, "Value": value} for key, value in saving.tags.items()]

    def take() -> None:
        rds.create_db_snapshot(DBInstanceIdentifier=resource.id, DBSnapshotIdentifier=name, Tags=tags)

    def look() -> str:
        (found,) = rds.describe_db_snapshots(DBSnapshotIdentifier=name)["DBSnapshots"]
        return str(found["Status"])

    return _taken(saving, resource, name, take, look)


def save_cache(saving: Saving, resource: ResourceState) -> Saved | None:
    """A manual snapshot of a replication group."""
    elasticache = saving.clients("elasticache")
    name = saving.snapshot_name(resource.name, LONGEST_OF_ELASTICACHE)
    tags = [{"Key": key, "Value": value} for key, value in saving.tags.items()]

    def take() -> None:
        elasticache.create_snapshot(ReplicationGroupId=resource.id, SnapshotName=name, Tags=tags)

    def look() -> str:
        (found,) = elasticache.describe_snapshots(SnapshotName=name)["Snapshots"]
        return str(found["SnapshotStatus"])

    return _taken(saving, resource, name, take, look)


def _taken(saving: Saving, resource: ResourceState, name: str, take: Callable[[], None], look: Look) -> Saved | None:
    """The snapshot once it is whole; None for what was gone before anybody could save it."""
    from botocore.exceptions import ClientError

    while True:
        try:
            take()
        except ClientError as error:
            if is_error(error, *_BUSY):
                # Such as with the nightly backup, or a change of the minute before.
                saving.pause(LAST_LOOK)
                continue
            if not is_error(error, *_THERE, *_GONE):
                raise
        else:
            saving.say(f"{resource.name}: taking the snapshot {name}")
        return _whole(saving, resource, name, look)


def _whole(saving: Saving, resource: ResourceState, name: str, look: Look) -> Saved | None:
    from botocore.exceptions import ClientError

    wait = FIRST_LOOK
    while True:
        try:
            status = look()
        except ClientError as error:
            if is_error(error, *_MISSING):
                saving.say(f"{resource.name}: gone before it could be saved")
                return None
            raise
        if status == "available":
            return Saved(resource.name, resource.type, name)
        if status in {"failed", "deleting", "deleted"}:
            raise StackError(
                f"The snapshot {name} of {resource.name} is {status}.", remedy="Remove it at AWS and try again."
            )
        saving.pause(wait)
        wait = min(wait * 2, LAST_LOOK)
