"""PostgreSQL on RDS: the instance, its settings, and who reaches it."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import Dependency
from scaffolder_actions.infrastructure import facts
from scaffolder_actions.infrastructure.naming import logical_id, tags
from scaffolder_actions.infrastructure.networks import security_group
from scaffolder_actions.infrastructure.part import Part, attribute, ref
from scaffolder_actions.workload.identity import Workload

PORT = 5432
# Neither follows the service's name, which may be a word that PostgreSQL or RDS reserves, such as `order` or `admin`.
DATABASE = "app"
USER = "app"
SUBNETS = "DatabaseSubnets"
# UTC. Backups before the maintenance, so that there is a fresh one; both in the night of most of the region's users.
BACKUP_WINDOW = "01:30-02:30"
# A Tuesday's: those who could be needed are at work some hours later, and the days after.
MAINTENANCE_WINDOW = "tue:03:00-tue:04:00"
# Storage grows by itself up to so many times of what was asked for: a full disk stops the service, while three times
# the price of a disk is seen on a bill before it hurts. RDS asks for 10% at least.
GROWTH = 3
# GiB that a volume can have.
LARGEST = 65536
# Days of load by query that cost nothing.
INSIGHT_DAYS = 7
# Says in a template how many days the instance's logs are kept. RDS makes their groups itself, so that the stack cannot.
LOG_DAYS = "LogDays"
LOGS = ("postgresql", "upgrade")
# Milliseconds. What takes a second is worth a line in the log, and rare enough.
SLOW_QUERY = 1000


def database(workload: Workload, dependency: Dependency) -> Part:
    """The instance of one dependency; `subnets` come beside it, once a stack."""
    name = logical_id(dependency, "Database")
    group, parameters = f"{name}SecurityGroup", f"{name}Parameters"
    return Part(
        resources={
            name: _instance(workload, dependency, group, parameters),
            parameters: _parameters(workload, dependency),
            group: security_group(workload, dependency.label, PORT),
        },
        outputs={
            f"{name}Host": attribute(name, "Endpoint.Address"),
            f"{name}Port": attribute(name, "Endpoint.Port"),
            f"{name}Secret": attribute(name, "MasterUserSecret.SecretArn"),
        },
    )


def subnets(workload: Workload) -> Part:
    """Where instances stand."""
    group: JsonObject = {
        "Type": "AWS::RDS::DBSubnetGroup",
        "Properties": {
            "DBSubnetGroupDescription": f"Databases of {workload.name} in {workload.environment}",
            "SubnetIds": ref(facts.SUBNETS),
            "Tags": tags(workload),
        },
    }
    return Part({SUBNETS: group})


def _instance(workload: Workload, dependency: Dependency, group: str, parameters: str) -> JsonObject:
    engine = workload.release.engines["postgresql"]
    size = engine.sizes[dependency.size or "small"]
    storage = dependency.storage or size.storage or 0
    defaults = workload.defaults
    return {
        "Type": "AWS::RDS::DBInstance",
        # The last state is kept whatever takes the instance away.
        "DeletionPolicy": "Snapshot",
        "UpdateReplacePolicy": "Snapshot",
        "Metadata": {LOG_DAYS: defaults.log_days},
        "Properties": {
            "Engine": "postgres",
            "EngineVersion": engine.versions[dependency.version or engine.default].engine,
            "DBInstanceClass": size.instance_class,
            "AllocatedStorage": str(storage),
            "MaxAllocatedStorage": min(storage * GROWTH, LARGEST),
            "StorageType": "gp3",
            "StorageEncrypted": True,
            "MultiAZ": defaults.several_zones,
            "DBName": DATABASE,
            "Port": str(PORT),
            "MasterUsername": USER,
            # RDS makes the password and keeps it in Secrets Manager: no template and no log ever has it.
            "ManageMasterUserPassword": True,
            "EnableIAMDatabaseAuthentication": True,
            "DBSubnetGroupName": ref(SUBNETS),
            "VPCSecurityGroups": [ref(group)],
            "PubliclyAccessible": False,
            "DBParameterGroupName": ref(parameters),
            "BackupRetentionPeriod": defaults.backup_days,
            "PreferredBackupWindow": BACKUP_WINDOW,
            "CopyTagsToSnapshot": True,
            "DeletionProtection": True,
            "PreferredMaintenanceWindow": MAINTENANCE_WINDOW,
            # Where one zone is enough nobody waits for a window either.
            "ApplyImmediately": not defaults.several_zones,
            # Releases of the platform move minor versions. One that RDS moved by itself would make the next release a
            # downgrade, which RDS refuses.
            "AutoMinorVersionUpgrade": False,
            # The document's version decides; without this RDS would refuse a new major one.
            "AllowMajorVersionUpgrade": True,
            "EnablePerformanceInsights": True,
            "PerformanceInsightsRetentionPeriod": INSIGHT_DAYS,
            "EnableCloudwatchLogsExports": list(LOGS),
            "Tags": tags(workload),
        },
    }


def _parameters(workload: Workload, dependency: Dependency) -> JsonObject:
    version = dependency.version or workload.release.engines["postgresql"].default
    return {
        "Type": "AWS::RDS::DBParameterGroup",
        "Properties": {
            "Description": f"{dependency.label} of {workload.name} in {workload.environment}",
            "Family": f"postgres{version}",
            "Parameters": {
                "rds.force_ssl": "1",
                "log_min_duration_statement": str(SLOW_QUERY),
                "log_connections": "1",
                # Waits for locks tell a deadlock in the making from a slow disk.
                "log_lock_waits": "1",
            },
            "Tags": tags(workload),
        },
    }
