"""Redis on ElastiCache: the replication group, its token, and who reaches it."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import Dependency
from scaffolder_actions.infrastructure import facts
from scaffolder_actions.infrastructure.naming import logical_id, tags
from scaffolder_actions.infrastructure.networks import security_group
from scaffolder_actions.infrastructure.part import Part, attribute, ref
from scaffolder_actions.workload.identity import Workload

PORT = 6379
SUBNETS = "CacheSubnets"
# UTC; see `databases`.
SNAPSHOT_WINDOW = "01:30-02:30"
MAINTENANCE_WINDOW = "tue:03:00-tue:04:00"
# What a cache holds can be made again, so a week of snapshots is enough, however long databases are kept.
MOST_SNAPSHOTS = 7
# Characters of the token; ElastiCache takes 16 to 128, and few of the signs that are no letters or digits.
TOKEN = 64


def cache(workload: Workload, dependency: Dependency) -> Part:
    """The replication group of one dependency; `subnets` come beside it, once a stack."""
    name = logical_id(dependency, "Cache")
    group, token = f"{name}SecurityGroup", f"{name}Token"
    return Part(
        resources={
            name: _replication_group(workload, dependency, group, token),
            token: _token(workload, dependency),
            group: security_group(workload, dependency.label, PORT),
        },
        outputs={
            f"{name}Host": attribute(name, "PrimaryEndPoint.Address"),
            f"{name}Port": attribute(name, "PrimaryEndPoint.Port"),
            f"{name}Secret": ref(token),
        },
    )


def subnets(workload: Workload) -> Part:
    """Where nodes stand."""
    group: JsonObject = {
        "Type": "AWS::ElastiCache::SubnetGroup",
        "Properties": {
            "Description": f"Caches of {workload.name} in {workload.environment}",
            "SubnetIds": ref(facts.SUBNETS),
            "Tags": tags(workload),
        },
    }
    return Part({SUBNETS: group})


def _replication_group(workload: Workload, dependency: Dependency, group: str, token: str) -> JsonObject:
    engine = workload.release.engines["redis"]
    defaults = workload.defaults
    replicated = defaults.cache_replicas > 0
    return {
        "Type": "AWS::ElastiCache::ReplicationGroup",
        "DeletionPolicy": "Snapshot",
        "UpdateReplacePolicy": "Snapshot",
        "Properties": {
            "ReplicationGroupDescription": f"{dependency.label} of {workload.name} in {workload.environment}",
            "Engine": "redis",
            "EngineVersion": engine.versions[dependency.version or engine.default].engine,
            "CacheNodeType": engine.sizes[dependency.size or "small"].instance_class,
            "NumCacheClusters": 1 + defaults.cache_replicas,
            "AutomaticFailoverEnabled": replicated,
            "MultiAZEnabled": replicated and defaults.several_zones,
            "Port": PORT,
            "AtRestEncryptionEnabled": True,
            "TransitEncryptionEnabled": True,
            "AuthToken": {"Fn::Sub": f"{{{{resolve:secretsmanager:${{{token}}}:SecretString}}}}"},
            "CacheSubnetGroupName": ref(SUBNETS),
            "SecurityGroupIds": [ref(group)],
            "SnapshotRetentionLimit": min(defaults.backup_days, MOST_SNAPSHOTS),
            "SnapshotWindow": SNAPSHOT_WINDOW,
            "PreferredMaintenanceWindow": MAINTENANCE_WINDOW,
            # Patches of the same version; a document names no more of it.
            "AutoMinorVersionUpgrade": True,
            "Tags": tags(workload),
        },
    }


def _token(workload: Workload, dependency: Dependency) -> JsonObject:
    return {
        "Type": "AWS::SecretsManager::Secret",
        "Properties": {
            "Description": f"The token of {dependency.label} of {workload.name} in {workload.environment}",
            "GenerateSecretString": {"PasswordLength": TOKEN, "ExcludePunctuation": True},
            "Tags": tags(workload),
        },
    }
