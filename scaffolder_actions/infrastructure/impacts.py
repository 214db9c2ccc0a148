"""What a change of a resource means for those who use the service, in a sentence with its source beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scaffolder_actions.infrastructure.comparing import Touched

# What is lost with a resource unless it is saved first. A cache that keeps no snapshots holds nothing that anybody wants.
_DATA = {
    "AWS::RDS::DBInstance": "database",
    "AWS::ElastiCache::ReplicationGroup": "cache",
    "AWS::S3::Bucket": "bucket",
    "AWS::SQS::Queue": "queue",
}


def holds_data(touched: Touched) -> bool:
    """Whether taking the resource away loses data that a snapshot or a copy would save."""
    if touched.type == "AWS::ElastiCache::ReplicationGroup":
        return touched.before is not None and bool(touched.values("SnapshotRetentionLimit")[0])
    return touched.type in _DATA and touched.before is not None


def impact_of(touched: Touched) -> str:
    """What becomes unavailable and for how long; empty where users notice nothing."""
    if touched.verb == "delete":
        return _removed(touched)
    if touched.verb == "replace":
        return _replaced(touched)
    words = _UPDATES.get(touched.type) if touched.verb == "update" else None
    return words(touched) if words else ""


def _removed(touched: Touched) -> str:
    if what := _DATA.get(touched.type):
        return f"The {what} and what is in it are gone from the service; what is in it is saved first."
    if touched.type == "AWS::Route53::RecordSet":
        return f"No longer reached at {touched.values('Name')[0]}."
    return ""


def _replaced(touched: Touched) -> str:
    if what := _DATA.get(touched.type):
        saved = " Its messages" if what == "queue" else " What is in the old one"
        return f"The service gets another, empty {what} and restarts to find it.{saved} is saved first.".replace(
            "messages is", "messages are"
        )
    if touched.type == "AWS::Route53::RecordSet":
        before, after = touched.values("Name")
        return f"No longer reached at {before}." if before != after else ""
    if touched.type == "AWS::CertificateManager::Certificate":
        # ACM looks every few minutes whether the domain's record is there:
        # https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
        return "The new name is reached once its certificate is valid, which takes some minutes."
    return ""


def _database(touched: Touched) -> str:
    _, several_zones = touched.values("MultiAZ")
    if touched.changes("EngineVersion"):
        return _upgrade(touched)
    if touched.changes("DBInstanceClass"):
        # A standby is changed first and takes over; failing over takes 60 to 120 seconds.
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.Failover.html
        # Alone it restarts on another machine.
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html
        gone = "a minute or two while the standby takes over" if several_zones else "some minutes while it restarts"
        return f"The database is unavailable for {gone}, {_when(touched)}."
    if touched.changes("DBParameterGroupName"):
        # CloudFormation restarts an instance whose group waits for it; a restart takes about a minute.
        return "The database restarts and is unavailable for about a minute, at once."
    if touched.changes("AllocatedStorage"):
        # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html
        return f"It stays available while storage grows, {_when(touched)}; six hours later it can grow again."
    return ""


def _upgrade(touched: Touched) -> str:
    """An upgrade stops instance and standby together, a major one for longer and with a backup before it.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.PostgreSQL.html
    """
    before, after = (str(each).split(".")[0] for each in touched.values("EngineVersion"))
    if before != after:
        return (
            f"The database is unavailable for ten minutes or more while it moves from PostgreSQL {before} to {after}, "
            f"{_when(touched)}. There is no way back but its backups."
        )
    return f"The database is unavailable for some minutes while it is upgraded, {_when(touched)}."


def _when(touched: Touched) -> str:
    _, at_once = touched.values("ApplyImmediately")
    _, window = touched.values("PreferredMaintenanceWindow")
    # CloudFormation does at once what does not say otherwise.
    return f"in the maintenance window ({window} UTC)" if at_once is False and window else "at once"


def _cache(touched: Touched) -> str:
    _, replicated = touched.values("AutomaticFailoverEnabled")
    if touched.changes("EngineVersion"):
        # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html
        gone = "for some seconds while a replica takes over" if replicated else "for some minutes"
        return f"The cache is unavailable {gone}, at once."
    if touched.changes("CacheNodeType"):
        # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.RedisReplGrps.html
        return "The cache moves to other nodes and closes its connections for some seconds, at once."
    if touched.changes("NumCacheClusters", "AutomaticFailoverEnabled", "MultiAZEnabled"):
        before, after = touched.values("NumCacheClusters")
        return "" if (after or 0) >= (before or 0) else "The cache has fewer copies, of which one less can fail."
    return ""


def _bucket(touched: Touched) -> str:
    before, after = map(_expiry, touched.values("LifecycleConfiguration"))
    if after is not None and (before is None or after < before):
        # Rules hold for what is there already, and are looked at once a day:
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-set-lifecycle-configuration-intro.html
        return f"Objects that are older than {after} days are deleted from the next day on, also those of today."
    return ""


def _expiry(configuration: object) -> int | None:
    rules = configuration.get("Rules", ()) if isinstance(configuration, Mapping) else ()
    days = [each["ExpirationInDays"] for each in rules if "ExpirationInDays" in each]
    return min(days) if days else None


def _record(touched: Touched) -> str:
    before, after = touched.values("Name")
    return f"No longer reached at {before}." if before != after else ""


_UPDATES: Mapping[str, Callable[[Touched], str]] = {
    "AWS::RDS::DBInstance": _database,
    "AWS::ElastiCache::ReplicationGroup": _cache,
    "AWS::S3::Bucket": _bucket,
    "AWS::Route53::RecordSet": _record,
}
