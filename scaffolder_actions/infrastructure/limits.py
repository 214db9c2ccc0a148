"""What AWS refuses to do to what holds data, said before it is tried, with what to do instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scaffolder_actions.infrastructure.comparing import Touched

_OTHER = "for a smaller one, give the service a second database under another name and move the data"


def blocked(touched: Touched, actual: Mapping[str, Any]) -> str | None:
    """Why the change cannot be done; None where it can.

    `actual` has the properties that are known from the resource itself: storage that has grown since, an engine that
    AWS has upgraded.
    """
    if touched.verb != "update":
        return None
    if touched.type == "AWS::RDS::DBInstance":
        return _storage(touched, actual) or _version(touched, actual, "PostgreSQL", "database")
    if touched.type == "AWS::ElastiCache::ReplicationGroup":
        return _version(touched, actual, "Redis", "cache")
    return None


def _storage(touched: Touched, actual: Mapping[str, Any]) -> str | None:
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.ModifyingExisting.html
    before, after = touched.values("AllocatedStorage")
    if not touched.changes("AllocatedStorage") or not _is_number(after):
        return None
    known = [int(str(each)) for each in (before, actual.get("AllocatedStorage")) if _is_number(each)]
    standing = max(known, default=0)
    if int(after) >= standing:
        return None
    return (
        f"{touched.name} has {standing} GiB, and RDS cannot shrink storage to {after}. "
        f"Ask for {standing} or more under `storage`; {_OTHER}."
    )


def _version(touched: Touched, actual: Mapping[str, Any], engine: str, what: str) -> str | None:
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html
    # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VersionManagement.html
    before, after = touched.values("EngineVersion")
    if not touched.changes("EngineVersion") or after is None:
        return None
    standing = max((str(each) for each in (before, actual.get("EngineVersion")) if each), key=_ordered, default="")
    # A version with fewer numbers means any that begins so.
    if _ordered(after) >= _ordered(standing)[: len(_ordered(after))]:
        return None
    return (
        f"{touched.name} runs {engine} {standing}, and AWS cannot take it back to {after}. "
        f"Keep the version, or give the service a second {what} under another name and move the data."
    )


def _is_number(value: object) -> bool:
    return str(value).isascii() and str(value).isdigit()


def _ordered(version: object) -> tuple[int, ...]:
    """The numbers of a version, in which 17.10 comes after 17.9."""
    return tuple(int(each) for each in str(version).split(".") if each.isdigit())
