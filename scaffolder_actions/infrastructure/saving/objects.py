"""The objects of a bucket, copied into the archive page by page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scaffolder_actions.infrastructure.archive import archive_bucket
from scaffolder_actions.infrastructure.clients import is_error
from scaffolder_actions.infrastructure.saving.model import Saved, Saving
from scaffolder_actions.infrastructure.states import ResourceState

# Bytes of a key.
LONGEST_KEY = 1024
# Objects between two lines about how far it is.
TELL = 10_000
_LONG, _NAME = "long-names/", ".name"


@dataclass(frozen=True)
class Entry:
    """An object as a list shows it."""

    key: str
    size: int
    modified: datetime


def save_bucket(saving: Saving, resource: ResourceState) -> Saved | None:
    """Every object of the bucket as it is now, under its own name. None for a bucket that is gone."""
    from botocore.exceptions import ClientError

    bucket, archive = str(resource.id), archive_bucket(saving.clients)
    folder = f"{saving.folder}/{resource.name}/"
    s3 = saving.clients("s3")
    try:
        pending = uncopied(_entries(s3, bucket, ""), _entries(s3, archive, folder))
        for number, entry in enumerate(pending, 1):
            _copy(s3, bucket, entry.key, archive, folder)
            if number % TELL == 0:
                saving.say(f"{resource.name}: {number} objects are copied")
    except ClientError as error:
        if is_error(error, "NoSuchBucket"):
            saving.say(f"{resource.name}: gone before it could be saved")
            return None
        raise
    count = sum(1 for each in _entries(s3, archive, folder) if not _is_name(each.key))
    return Saved(resource.name, resource.type, f"s3://{archive}/{folder}", count)


def uncopied(source: Iterable[Entry], copies: Iterable[Entry]) -> Iterator[Entry]:
    """The objects of `source` that have no copy which is as new. Both come in the order of their keys, as S3 lists."""
    remaining = iter(copies)
    copy = next(remaining, None)
    for entry in source:
        while copy is not None and copy.key < entry.key:
            copy = next(remaining, None)
        same = copy is not None and copy.key == entry.key and copy.size == entry.size
        if not same or (copy is not None and copy.modified < entry.modified):
            yield entry


def _entries(s3: Any, bucket: str, folder: str) -> Iterator[Entry]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder):
        for each in page.get("Contents", ()):
            yield Entry(each["Key"].removeprefix(folder), each["Size"], each["LastModified"])


def _copy(s3: Any, bucket: str, key: str, archive: str, folder: str) -> None:
    """Copy one object. Where the folder makes its name too long, the name lies beside it, under its digest."""
    name = f"{folder}{key}"
    if len(name.encode()) > LONGEST_KEY:
        name = f"{folder}{_LONG}{hashlib.sha256(key.encode()).hexdigest()}"
        s3.put_object(Bucket=archive, Key=f"{name}{_NAME}", Body=key.encode())
    # boto3's own: objects above 5 GiB are copied in parts.
    s3.copy({"Bucket": bucket, "Key": key}, archive, name)


def _is_name(key: str) -> bool:
    return key.startswith(_LONG) and key.endswith(_NAME)
