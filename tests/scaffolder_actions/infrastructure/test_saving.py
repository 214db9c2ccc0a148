"""What a stack holds is kept before it goes: once, whole, and wherever the saving was broken off."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure.saving import Saved, messages
from scaffolder_actions.infrastructure.saving.model import plain_name
from scaffolder_actions.infrastructure.saving.objects import Entry, uncopied
from tests.scaffolder_actions.infrastructure.conftest import Owned, soon

DATABASE: dict[str, Any] = {"type": "postgresql"}
CACHE: dict[str, Any] = {"type": "redis"}
BUCKET: dict[str, Any] = {"type": "s3"}
QUEUE: dict[str, Any] = {"type": "sqs"}
Archived = Callable[[], dict[str, bytes]]


def save(owned: Owned, mark: str = "run-1", **more: Any) -> dict[str, Saved]:
    found: Sequence[Saved] = owned.stacks.save(owned.name, mark, say=owned.said.append, pause=soon, **more)
    return {each.name: each for each in found}


def test_databases_and_caches_are_kept_as_snapshots(owned: Owned) -> None:
    """Under names that say what they are of, once for each mark."""
    owned.apply(owned.template(DATABASE, CACHE))
    first = save(owned)
    assert first["Database"].place == f"{owned.name}-database-run-1"
    assert len(first["Cache"].place) <= 50
    assert save(owned) == first
    rds = owned.client("rds").describe_db_snapshots(DBInstanceIdentifier=owned.id("Database"), SnapshotType="manual")
    assert [each["Status"] for each in rds["DBSnapshots"]] == ["available"]
    (cache,) = owned.client("elasticache").describe_snapshots(SnapshotName=first["Cache"].place)["Snapshots"]
    assert cache["SnapshotStatus"] == "available"
    assert save(owned, "run-2")["Database"] != first["Database"]


def test_objects_are_copied_under_their_own_names(owned: Owned, archived: Archived) -> None:
    """A second saving adds what came since and what changed, and nothing else."""
    owned.apply(owned.template({**BUCKET, "name": "reports"}))
    s3, bucket = owned.client("s3"), owned.id("ReportsBucket")
    for key, body in (("a.txt", b"1"), ("deep/ä b+c.txt", b"2"), ("z", b"")):
        s3.put_object(Bucket=bucket, Key=key, Body=body)
    saved = save(owned)["ReportsBucket"]
    assert (saved.items, saved.place.endswith(f"/staging/{owned.service}/run-1/ReportsBucket/")) == (3, True)
    s3.put_object(Bucket=bucket, Key="a.txt", Body=b"longer")
    s3.put_object(Bucket=bucket, Key="new", Body=b"3")
    assert save(owned)["ReportsBucket"].items == 4
    folder = "run-1/ReportsBucket/"
    assert archived() == {
        f"{folder}a.txt": b"longer",
        f"{folder}deep/ä b+c.txt": b"2",
        f"{folder}new": b"3",
        f"{folder}z": b"",
    }


def test_an_object_whose_name_leaves_no_room_for_a_folder_is_kept_too(owned: Owned, archived: Archived) -> None:
    """Its name lies beside it."""
    owned.apply(owned.template(BUCKET))
    key = "k" * 1024
    owned.client("s3").put_object(Bucket=owned.id("Bucket"), Key=key, Body=b"1")
    assert save(owned)["Bucket"].items == 1
    assert sorted(archived().values()) == [b"1", key.encode()]


@pytest.mark.parametrize("fifo", [False, True])
def test_messages_are_moved_with_all_that_belongs_to_them(owned: Owned, archived: Archived, fifo: bool) -> None:
    """Also of a queue that keeps the order, which shows one of a group at a time."""
    owned.apply(owned.template({**QUEUE, "fifo": fifo}))
    sqs, url = owned.client("sqs"), owned.id("Queue")
    group = {"MessageGroupId": "orders"} if fifo else {}
    for number in range(12):
        attributes = {"kind": {"DataType": "String", "StringValue": f"k{number}"}}
        sqs.send_message(QueueUrl=url, MessageBody=f"order {number}", MessageAttributes=attributes, **group)
    assert save(owned)["Queue"].items == 12
    kept = [json.loads(body) for body in archived().values()]
    assert {each["Body"] for each in kept} == {f"order {number}" for number in range(12)}
    assert {each["MessageAttributes"]["kind"]["StringValue"] for each in kept} == {f"k{number}" for number in range(12)}
    assert all(each["Attributes"].get("MessageGroupId") == group.get("MessageGroupId") for each in kept)
    assert save(owned)["Queue"].items == 12


def test_messages_that_somebody_works_on_are_waited_for(owned: Owned, archived: Archived) -> None:
    """They come back when that one has not finished; nothing is lost to it."""
    owned.apply(owned.template({**QUEUE, "visibilitySeconds": 1}))
    sqs, url = owned.client("sqs"), owned.id("Queue")
    sqs.send_message(QueueUrl=url, MessageBody="order")
    assert sqs.receive_message(QueueUrl=url)["Messages"]
    assert save(owned)["Queue"].items == 1
    assert [json.loads(body)["Body"] for body in archived().values()] == ["order"]


def test_messages_that_never_come_back_are_not_given_up(owned: Owned, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service still works on them: better to stop than to lose them."""
    monkeypatch.setattr(messages, "PATIENCE", 1)
    owned.apply(owned.template({**QUEUE, "visibilitySeconds": 1}))
    sqs, url = owned.client("sqs"), owned.id("Queue")
    sqs.send_message(QueueUrl=url, MessageBody="order")
    sqs.receive_message(QueueUrl=url, VisibilityTimeout=3600)
    with pytest.raises(StackError, match=r"Queue has 1 messages that somebody works on. Stop the service"):
        owned.stacks.save(owned.name, "run-1", say=owned.said.append, pause=lambda _: None)


def test_only_some_of_it_can_be_saved(owned: Owned) -> None:
    """What a change is about to replace, for instance."""
    owned.apply(owned.template(DATABASE, QUEUE))
    assert list(save(owned, only=["Queue"])) == ["Queue"]


def test_a_stack_that_is_not_there_holds_nothing(owned: Owned) -> None:
    """And that is no error: whoever deletes a service twice is right both times."""
    assert save(owned) == {}


def test_the_archive_is_closed(owned: Owned) -> None:
    """Encrypted, without public access, with versions, and over TLS alone."""
    owned.apply(owned.template(BUCKET))
    save(owned)
    s3, name = owned.client("s3"), "greenroom-archive-123456789012-eu-west-1"
    assert s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    assert "aws:SecureTransport" in s3.get_bucket_policy(Bucket=name)["Policy"]


_START = dt.datetime(2026, 11, 26, tzinfo=dt.UTC)
_entries = st.dictionaries(st.text(max_size=3), st.tuples(st.integers(0, 2), st.integers(0, 3)), max_size=8).map(
    lambda found: [
        Entry(key, size, _START + dt.timedelta(days=day))
        for key, (size, day) in sorted(found.items(), key=lambda each: each[0].encode("utf-8", "surrogatepass"))
    ]
)


@given(source=_entries, copies=_entries)
def test_what_is_copied_is_what_has_no_copy_as_new(source: list[Entry], copies: list[Entry]) -> None:
    """However the two lists lie beside each other; read once, without keeping them."""
    known = {each.key: each for each in copies}
    expected = [
        each
        for each in source
        if each.key not in known or known[each.key].size != each.size or known[each.key].modified < each.modified
    ]
    assert list(uncopied(iter(source), iter(copies))) == expected


@given(text=st.text(min_size=1, max_size=80), longest=st.integers(20, 60))
def test_names_of_snapshots_are_such_as_aws_takes(text: str, longest: int) -> None:
    """And those that looked alike stay apart."""
    name = plain_name(f"staging-{text}", longest)
    assert len(name) <= longest
    assert not name.endswith("-")
    assert "--" not in name
    assert name == plain_name(name, longest)
    assert plain_name("staging-a_b", longest) != plain_name("staging-a-b", longest)
