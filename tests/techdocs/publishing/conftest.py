"""Both places that sites are published to, and a way to break them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from foundation.backstage.entities import EntityRef
from foundation.settings import AwsSettings, DocsSettings
from techdocs.errors import StorageError
from techdocs.publishing import Storage, open_storage

ORDERS = EntityRef.parse("component:default/order-api")
BUCKET = "docs"

MakeSite = Callable[[Mapping[str, str]], Path]


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """A bucket in memory; it starts in half a second, so the tests of a module share it."""
    with pytest.MonkeyPatch.context() as environment, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "testing")
        client = boto3.client("s3", region_name="eu-west-1")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        yield BUCKET


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """An empty storage of each kind; that of S3 is a part of the bucket, named after the test's folder."""
    if request.param == "local":
        return open_storage(DocsSettings(directory=tmp_path / "published"), AwsSettings())
    bucket = request.getfixturevalue("bucket")
    return open_storage(DocsSettings(publisher="s3", bucket=bucket, prefix=f"/portal/{tmp_path.name}/"), AwsSettings())


@pytest.fixture
def make_site(tmp_path: Path) -> MakeSite:
    """Writes a site into a new folder."""
    made = iter(range(100))

    def make(files: Mapping[str, str]) -> Path:
        site = tmp_path / f"site-{next(made)}"
        for path, text in files.items():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_text(text)
        return site

    return make


class Breaking:
    """A storage that works for `left` more changes and then fails, as if its process died there."""

    concurrency = 1

    def __init__(self, storage: Storage, left: int) -> None:
        self._storage = storage
        self._left = left
        self.changes: list[str] = []

    def listing(self, folder: str) -> Mapping[str, str]:
        return self._storage.listing(folder)

    def read(self, path: str) -> bytes | None:
        return self._storage.read(path)

    def write(self, path: str, file: Path) -> None:
        self._spend(f"write {path}")
        self._storage.write(path, file)

    def remove(self, paths: Sequence[str]) -> None:
        for path in paths:
            self._spend(f"remove {path}")
            self._storage.remove([path])

    def exclusive(self, folder: str) -> AbstractContextManager[None]:
        return self._storage.exclusive(folder)

    def _spend(self, change: str) -> None:
        if self._left == 0:
            raise StorageError("The end.")
        self._left -= 1
        self.changes.append(change)
