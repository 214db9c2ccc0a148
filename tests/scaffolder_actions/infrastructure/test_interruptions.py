"""Killed at any point, the next call goes on from there and comes to the same end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.scaffolder_actions.infrastructure.conftest import Owned

DATABASE, BUCKET, QUEUE = ({"type": kind} for kind in ("postgresql", "s3", "sqs"))
CLOUDFORMATION = "cloudformation"


def killed(owned: Owned, template: Any, moment: tuple[str, str, str]) -> None:
    """Apply the template (None: delete the stack) in a process that is killed before or after a call of AWS."""
    job = {
        "endpoint": owned.aws.endpoint,
        "name": owned.name,
        "template": template,
        "tags": owned.tags,
        "mark": "run-1",
        "moment": moment,
    }
    root = Path(__file__).parents[3]
    command = [sys.executable, "-m", "tests.scaffolder_actions.infrastructure.interrupted", json.dumps(job)]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stdout + ended.stderr


def change_sets(owned: Owned) -> list[str]:
    """What is left of change sets."""
    found = owned.client("cloudformation").list_change_sets(StackName=owned.name)["Summaries"]
    return [each["ChangeSetName"] for each in found]


@pytest.mark.parametrize(
    "moment",
    [
        ("after", CLOUDFORMATION, "CreateChangeSet"),
        ("before", CLOUDFORMATION, "ExecuteChangeSet"),
        ("after", CLOUDFORMATION, "ExecuteChangeSet"),
        ("before", "logs", "PutRetentionPolicy"),
    ],
)
def test_making_a_stack(owned: Owned, moment: tuple[str, str, str]) -> None:
    """One stack, whole, and nothing left over."""
    template = owned.template(DATABASE)
    killed(owned, template, moment)
    state = owned.apply(template)
    assert (state.status, {each.name for each in state.resources}) == ("CREATE_COMPLETE", set(template["Resources"]))
    assert change_sets(owned) == []


@pytest.mark.parametrize(
    "moment",
    [
        ("after", "rds", "ModifyDBInstance"),
        ("before", CLOUDFORMATION, "ExecuteChangeSet"),
        ("after", CLOUDFORMATION, "ExecuteChangeSet"),
    ],
)
def test_changing_a_stack(owned: Owned, moment: tuple[str, str, str]) -> None:
    """The database that is taken out goes, protected or not, and its snapshot is there once."""
    owned.apply(owned.template(DATABASE, QUEUE))
    instance = owned.id("Database")
    template = owned.template(QUEUE)
    killed(owned, template, moment)
    state = owned.apply(template)
    assert {each.name for each in state.resources} == set(template["Resources"])
    snapshots = owned.client("rds").describe_db_snapshots(DBInstanceIdentifier=instance)["DBSnapshots"]
    assert len(snapshots) == 1


@pytest.mark.parametrize(
    "moment",
    [
        ("after", "rds", "CreateDBSnapshot"),
        ("after", "s3", "DeleteBucket"),
        ("before", CLOUDFORMATION, "DeleteStack"),
        ("after", CLOUDFORMATION, "DeleteStack"),
        ("before", "logs", "DeleteLogGroup"),
    ],
)
def test_deleting_a_stack(owned: Owned, moment: tuple[str, str, str]) -> None:
    """Nothing that costs money stays but what was saved, which is there once."""
    owned.apply(owned.template(DATABASE, BUCKET))
    instance, bucket = owned.id("Database"), owned.id("Bucket")
    owned.client("s3").put_object(Bucket=bucket, Key="a", Body=b"1")
    killed(owned, None, moment)
    owned.delete("run-1")
    assert owned.stacks.state(owned.name) is None
    assert bucket not in {each["Name"] for each in owned.client("s3").list_buckets()["Buckets"]}
    groups = owned.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/rds/instance/{instance}")["logGroups"]
    assert groups == []
    snapshots = owned.client("rds").describe_db_snapshots(DBInstanceIdentifier=instance)["DBSnapshots"]
    assert sum(each["DBSnapshotIdentifier"].endswith("-run-1") for each in snapshots) == 1
