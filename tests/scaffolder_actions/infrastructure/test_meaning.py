"""What a change means for those who use the service, and what AWS would refuse."""

from __future__ import annotations

from typing import Any

import pytest

from scaffolder_actions.infrastructure.comparing import Touched, compared
from scaffolder_actions.infrastructure.impacts import holds_data, impact_of
from scaffolder_actions.infrastructure.limits import blocked
from tests.scaffolder_actions.infrastructure.documents import resources

DATABASE: dict[str, Any] = {"type": "postgresql"}
CACHE: dict[str, Any] = {"type": "redis"}
BUCKET: dict[str, Any] = {"type": "s3"}
QUEUE: dict[str, Any] = {"type": "sqs"}


def touched(before: dict[str, Any], after: dict[str, Any] | None, environment: str = "production") -> Touched:
    """The resource that holds the data, between two forms of one dependency."""
    old, new = (resources(each, environment=environment) if each else {} for each in (before, after))
    name = {"postgresql": "Database", "redis": "Cache", "s3": "Bucket", "sqs": "Queue"}[before["type"]]
    return compared({"Resources": old}, {"Resources": new}, "eu-west-1")[name]


@pytest.mark.parametrize(
    ("change", "staging", "production"),
    [
        (
            {"size": "medium"},
            "The database is unavailable for some minutes while it restarts, at once.",
            (
                "The database is unavailable for a minute or two while the standby takes over, "
                "in the maintenance window (tue:03:00-tue:04:00 UTC)."
            ),
        ),
        (
            {"storage": 40},
            "It stays available while storage grows, at once; six hours later it can grow again.",
            (
                "It stays available while storage grows, in the maintenance window (tue:03:00-tue:04:00 UTC); "
                "six hours later it can grow again."
            ),
        ),
        (
            {"version": "17"},
            (
                "The database is unavailable for ten minutes or more while it moves from PostgreSQL 16 to 17, at once. "
                "There is no way back but its backups."
            ),
            (
                "The database is unavailable for ten minutes or more while it moves from PostgreSQL 16 to 17, "
                "in the maintenance window (tue:03:00-tue:04:00 UTC). There is no way back but its backups."
            ),
        ),
        ({}, "", ""),
    ],
)
def test_changes_of_a_database(change: dict[str, Any], staging: str, production: str) -> None:
    """What is worst, for how long, and when."""
    before = {**DATABASE, "version": "16"}
    for environment, expected in (("staging", staging), ("production", production)):
        assert impact_of(touched(before, {**before, **change}, environment)) == expected


@pytest.mark.parametrize(
    ("before", "after", "environment", "expected"),
    [
        (CACHE, {**CACHE, "size": "large"}, "staging", "closes its connections for some seconds, at once"),
        ({**CACHE, "version": "6.2"}, CACHE, "staging", "The cache is unavailable for some minutes, at once."),
        ({**CACHE, "version": "6.2"}, CACHE, "production", "for some seconds while a replica takes over, at once."),
        (BUCKET, {**BUCKET, "expireDays": 30}, "staging", "Objects that are older than 30 days are deleted"),
        ({**BUCKET, "expireDays": 30}, {**BUCKET, "expireDays": 7}, "staging", "older than 7 days"),
        (QUEUE, None, "staging", "The queue and what is in it are gone from the service"),
        (
            QUEUE,
            {**QUEUE, "fifo": True},
            "staging",
            "another, empty queue and restarts to find it. Its messages are saved",
        ),
    ],
)
def test_changes_of_the_others(before: Any, after: Any, environment: str, expected: str) -> None:
    """In the same words."""
    assert expected in impact_of(touched(before, after, environment))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (BUCKET, {**BUCKET}),
        ({**BUCKET, "expireDays": 7}, {**BUCKET, "expireDays": 30}),
        ({**BUCKET, "expireDays": 7}, BUCKET),
        (QUEUE, {**QUEUE, "tries": 9}),
    ],
)
def test_what_nobody_notices_is_not_spoken_of(before: Any, after: Any) -> None:
    """A plan that warns of everything is read by nobody."""
    assert impact_of(touched(before, after)) == ""


def test_a_host_that_goes_is_named() -> None:
    """Whether it is another one or none."""
    public: dict[str, Any] = {"visibility": "public", "host": "a.example.com"}
    before = {"Resources": resources(exposure=public)}
    moved = {"Resources": resources(exposure={**public, "host": "b.example.com"})}
    for after in (moved, None):
        found = compared(before, after, "eu-west-1")
        assert impact_of(found["Record"]) == "No longer reached at a.example.com."
    assert "valid, which takes some minutes" in impact_of(compared(before, moved, "eu-west-1")["Certificate"])


def test_what_holds_data() -> None:
    """Databases, buckets, queues, and caches that keep snapshots; nothing that is only about to be made."""
    every: Any = {"Resources": resources(DATABASE, CACHE, BUCKET, QUEUE)}
    found = compared(every, None, "eu-west-1")
    assert {name for name, each in found.items() if holds_data(each)} == {
        "Database",
        "Cache",
        "Bucket",
        "Queue",
        "QueueDeadLetters",
    }
    assert not any(holds_data(each) for each in compared(None, every, "eu-west-1").values())
    every["Resources"]["Cache"]["Properties"]["SnapshotRetentionLimit"] = 0
    assert not holds_data(compared(every, None, "eu-west-1")["Cache"])


@pytest.mark.parametrize(
    ("before", "after", "actual", "expected"),
    [
        (
            {**DATABASE, "storage": 50},
            {**DATABASE, "storage": 40},
            {},
            "has 50 GiB, and RDS cannot shrink storage to 40",
        ),
        ({**DATABASE, "storage": 50}, {**DATABASE, "storage": 60}, {"AllocatedStorage": 70}, "has 70 GiB"),
        ({**DATABASE, "storage": 50}, {**DATABASE, "storage": 70}, {"AllocatedStorage": 70}, None),
        (DATABASE, {**DATABASE, "version": "16"}, {}, "runs PostgreSQL 17.6, and AWS cannot take it back to 16.10"),
        ({**DATABASE, "version": "15"}, {**DATABASE, "version": "16"}, {"EngineVersion": "16.10"}, None),
        (
            {**DATABASE, "version": "15"},
            {**DATABASE, "version": "16"},
            {"EngineVersion": "16.11"},
            "runs PostgreSQL 16.11",
        ),
        (CACHE, {**CACHE, "version": "6.2"}, {}, "runs Redis 7.1, and AWS cannot take it back to 6.2"),
        (DATABASE, {**DATABASE, "size": "medium"}, {}, None),
        (DATABASE, None, {}, None),
    ],
)
def test_what_aws_refuses_is_said_before(before: Any, after: Any, actual: Any, expected: str | None) -> None:
    """With the figure that stands, which is not always a template's, and what to do instead."""
    found = blocked(touched(before, after), actual)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert expected in found
        assert "under another name" in found


def test_a_version_may_be_less_exact_than_what_runs() -> None:
    """17 is any 17: what runs as 17.6 is not taken back by it."""
    before: Any = {"Type": "AWS::RDS::DBInstance", "Properties": {"EngineVersion": "17.6"}}
    after: Any = {"Type": "AWS::RDS::DBInstance", "Properties": {"EngineVersion": "17"}}
    found = compared({"Resources": {"Database": before}}, {"Resources": {"Database": after}}, "eu-west-1")["Database"]
    assert blocked(found, {}) is None
