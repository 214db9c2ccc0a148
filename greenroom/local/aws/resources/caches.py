"""ElastiCache: replication groups and their subnets."""

from __future__ import annotations

from typing import Any

from greenroom.local.aws.calls import ACCOUNT, Calls, accepted
from greenroom.local.aws.resources.databases import identifier, retag
from greenroom.local.aws.resources.handler import Handler, Made, Task

# Characters that ElastiCache allows a replication group.
LONGEST = 40


class CacheHandler(Handler):
    """AWS::ElastiCache::ReplicationGroup."""

    def create(self, task: Task) -> Made:
        elasticache = task.calls("elasticache")
        given = accepted(elasticache, "CreateReplicationGroup", task.properties)
        made = elasticache.create_replication_group(**{**given, "ReplicationGroupId": identifier(task.name, LONGEST)})
        return _made(made["ReplicationGroup"])

    def update(self, task: Task) -> Made:
        elasticache = task.calls("elasticache")
        group = _backend(task.calls).replication_groups[task.made.id]
        given = accepted(elasticache, "ModifyReplicationGroup", task.changed)
        elasticache.modify_replication_group(**{**given, "ReplicationGroupId": task.made.id, "ApplyImmediately": True})
        # moto takes it and forgets it.
        group.engine_version = task.properties.get("EngineVersion", group.engine_version)
        if "Tags" in task.changed:
            retag(elasticache, group.arn, task)
        return task.made

    def delete(self, task: Task) -> None:
        # Over the API a group would be deleted for ever without being gone.
        group = _backend(task.calls).replication_groups.pop(task.made.id, None)
        if group is not None:
            _backend(task.calls).tagging_service.delete_all_tags_for_resource(group.arn)

    def snapshot(self, task: Task) -> None:
        task.calls("elasticache").create_snapshot(ReplicationGroupId=task.made.id, SnapshotName=task.name)


class CacheSubnetsHandler(Handler):
    """AWS::ElastiCache::SubnetGroup."""

    def create(self, task: Task) -> Made:
        task.calls("elasticache").create_cache_subnet_group(
            CacheSubnetGroupName=task.name.lower(),
            CacheSubnetGroupDescription=task.properties["Description"],
            SubnetIds=task.properties["SubnetIds"],
            Tags=task.properties.get("Tags", []),
        )
        return Made(task.name.lower())

    def update(self, task: Task) -> Made:
        # moto has no call that changes one, and nothing here asks for its subnets afterwards.
        return task.made

    def delete(self, task: Task) -> None:
        # Nor one that removes it.
        _backend(task.calls).cache_subnet_groups.pop(task.made.id, None)


def _made(data: dict[str, Any]) -> Made:
    (group,) = data["NodeGroups"]
    primary, reader = group["PrimaryEndpoint"], group.get("ReaderEndpoint", group["PrimaryEndpoint"])
    return Made(
        data["ReplicationGroupId"],
        {
            "PrimaryEndPoint.Address": primary["Address"],
            "PrimaryEndPoint.Port": str(primary["Port"]),
            "ReaderEndPoint.Address": reader["Address"],
            "ReaderEndPoint.Port": str(reader["Port"]),
        },
    )


def _backend(calls: Calls) -> Any:
    from moto.elasticache.models import elasticache_backends

    return elasticache_backends[ACCOUNT][calls.region]
