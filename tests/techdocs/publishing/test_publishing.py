"""Publications to a folder and to S3, whole and interrupted."""

from __future__ import annotations

import json
from pathlib import Path

import boto3
import pytest

from foundation.backstage.entities import EntityRef
from foundation.settings import AwsSettings, DocsSettings
from techdocs.errors import StorageError
from techdocs.publishing import (
    METADATA,
    Metadata,
    Storage,
    make_metadata,
    open_storage,
    publish_site,
    published_metadata,
    site_files,
    site_folder,
)
from tests.techdocs.publishing.conftest import BUCKET, ORDERS, Breaking, MakeSite

OLD = {
    "index.html": "old, see guide/ and assets/a.css",
    "guide/index.html": "guide",
    "assets/a.css": "a",
    "gone/index.html": "gone",
    "search/search_index.json": "{}",
    "same.png": "same",
}
NEW = {
    "index.html": "new, see assets/b.css",
    "guide": "a file where a folder was",
    "assets/b.css": "b",
    "gone.html": "moved",
    "search/search_index.json": '{"docs": []}',
    "same.png": "same",
    "now/a/folder.html": "deep",
}


def metadata(site: Path, etag: str) -> Metadata:
    return make_metadata(
        site_name="Orders", site_description="", files=site_files(site), etag=etag, now_ms=1_700_000_000_000
    )


def there(storage: Storage) -> dict[str, str]:
    folder = site_folder(ORDERS)
    found = {path: storage.read(f"{folder}/{path}") for path in storage.listing(folder)}
    return {path: content.decode() for path, content in found.items() if content is not None and path != METADATA}


def test_a_site_stands_where_backstage_looks(storage: Storage, make_site: MakeSite) -> None:
    """`<namespace>/<kind>/<name>/`, the three in lower case and the rest as it is."""
    site = make_site({"index.html": "x", "Guides/Über.html": "y"})
    entity = EntityRef("Component", "Default", "Order-API")
    done = publish_site(storage, entity, site, metadata(site, "r1"))
    assert (done.uploaded, done.unchanged, done.removed) == (3, 0, 0)
    assert storage.read("default/component/order-api/index.html") == b"x"
    assert storage.read("default/component/order-api/Guides/Über.html") == b"y"
    assert storage.read("default/component/order-api/absent") is None


def test_metadata_is_that_of_the_files(storage: Storage, make_site: MakeSite) -> None:
    """Name, milliseconds, every file with itself, and the revision."""
    site = make_site(OLD)
    publish_site(storage, ORDERS, site, metadata(site, "abc123"))
    content = storage.read(f"{site_folder(ORDERS)}/{METADATA}")
    assert content is not None
    assert json.loads(content) == {
        "site_name": "Orders",
        "site_description": "",
        "build_timestamp": 1_700_000_000_000,
        "files": sorted([*OLD, METADATA]),
        "etag": "abc123",
    }
    assert set(storage.listing(site_folder(ORDERS))) == {*OLD, METADATA}
    assert published_metadata(storage, ORDERS) == metadata(site, "abc123")


def test_only_what_differs_is_written(storage: Storage, make_site: MakeSite) -> None:
    """By content: another revision of the same pages writes the metadata alone."""
    site = make_site(OLD)
    publish_site(storage, ORDERS, site, metadata(site, "r1"))
    again = publish_site(storage, ORDERS, site, metadata(site, "r2"))
    assert (again.uploaded, again.unchanged, again.removed) == (1, len(OLD), 0)
    new = make_site(NEW)
    changed = publish_site(storage, ORDERS, new, metadata(new, "r3"))
    assert (changed.uploaded, changed.unchanged) == (7, 1)
    assert there(storage) == NEW


def test_pages_come_after_what_they_need_and_before_the_metadata(storage: Storage, make_site: MakeSite) -> None:
    """What is stale goes last, when nothing refers to it any more."""
    old, new = make_site(OLD), make_site(NEW)
    publish_site(storage, ORDERS, old, metadata(old, "r1"))
    breaking = Breaking(storage, -1)
    publish_site(breaking, ORDERS, new, metadata(new, "r2"))
    changes = [change.replace(f"{site_folder(ORDERS)}/", "") for change in breaking.changes]
    assert changes == [
        f"write {METADATA}",
        "write assets/b.css",
        "write guide",
        "write gone.html",
        "write index.html",
        "write now/a/folder.html",
        "write search/search_index.json",
        f"write {METADATA}",
        "remove assets/a.css",
        "remove gone/index.html",
        "remove guide/index.html",
    ]


@pytest.mark.parametrize("changes", range(11))
def test_a_crash_leaves_a_readable_site_and_the_next_run_completes_it(
    storage: Storage, make_site: MakeSite, changes: int
) -> None:
    """After any number of changes: the first page and what it shows are there, whole; the revision is not claimed."""
    old, new = make_site(OLD), make_site(NEW)
    publish_site(storage, ORDERS, old, metadata(old, "r1"))
    with pytest.raises(StorageError, match="The end"):
        publish_site(Breaking(storage, changes), ORDERS, new, metadata(new, "r2"))
    now = there(storage)
    assert now["index.html"] in {OLD["index.html"], NEW["index.html"]}
    needed = "assets/a.css" if now["index.html"] == OLD["index.html"] else "assets/b.css"
    assert needed in now
    published = published_metadata(storage, ORDERS)
    assert published is not None
    # Before the first change it is the old site, after the pages the new one; in between it is neither.
    assert published.etag == ("r1" if changes == 0 else "" if changes < 8 else "r2")
    publish_site(storage, ORDERS, new, metadata(new, "r2"))
    assert there(storage) == NEW


def test_going_back_after_a_crash_restores_the_old_site(storage: Storage, make_site: MakeSite) -> None:
    """What is there is compared by content, not by what a record says was there."""
    old, new = make_site(OLD), make_site(NEW)
    publish_site(storage, ORDERS, old, metadata(old, "r1"))
    with pytest.raises(StorageError):
        publish_site(Breaking(storage, 5), ORDERS, new, metadata(new, "r2"))
    publish_site(storage, ORDERS, old, metadata(old, "r1"))
    assert there(storage) == OLD


def test_sites_do_not_touch_one_another(storage: Storage, make_site: MakeSite) -> None:
    """Not even where one name begins with another."""
    longer = EntityRef.parse("component:default/order-api-2")
    one, two = make_site({"index.html": "1", "x.html": "x"}), make_site({"index.html": "2"})
    publish_site(storage, longer, one, metadata(one, "r1"))
    publish_site(storage, ORDERS, two, metadata(two, "r1"))
    assert set(storage.listing(site_folder(longer))) == {"index.html", "x.html", METADATA}


def test_what_others_left_as_metadata_is_not_believed(storage: Storage, make_site: MakeSite, tmp_path: Path) -> None:
    """Broken or foreign files count as nothing, and are replaced."""
    for text in ("", "[]", "{", '{"files": 1}', "[" * 10_000):
        (tmp_path / "metadata").write_text(text)
        storage.write(f"{site_folder(ORDERS)}/{METADATA}", tmp_path / "metadata")
        assert published_metadata(storage, ORDERS) is None
    site = make_site(OLD)
    publish_site(storage, ORDERS, site, metadata(site, "r1"))
    assert published_metadata(storage, ORDERS) == metadata(site, "r1")


@pytest.mark.parametrize("storage", ["s3"], indirect=True)
def test_objects_say_what_they_are(storage: Storage, make_site: MakeSite, tmp_path: Path) -> None:
    """For whoever serves the bucket without Backstage."""
    names = ["index.html", "a.css", "a.js", "a.json", "a.svg", "a.png", "a.woff2", "sitemap.xml.gz", "LICENSE"]
    site = make_site(dict.fromkeys(names, "x"))
    publish_site(storage, ORDERS, site, metadata(site, "r1"))
    client = boto3.client("s3", region_name="eu-west-1")
    types = {
        name: client.head_object(Bucket=BUCKET, Key=f"portal/{tmp_path.name}/{site_folder(ORDERS)}/{name}")[
            "ContentType"
        ]
        for name in names
    }
    assert types == {
        "index.html": "text/html; charset=utf-8",
        "a.css": "text/css; charset=utf-8",
        "a.js": "text/javascript; charset=utf-8",
        "a.json": "application/json",
        "a.svg": "image/svg+xml",
        "a.png": "image/png",
        "a.woff2": "font/woff2",
        "sitemap.xml.gz": "application/gzip",
        "LICENSE": "application/octet-stream",
    }


@pytest.mark.parametrize("storage", ["s3"], indirect=True)
def test_a_bucket_that_is_not_there_is_one_clear_error(storage: Storage) -> None:
    """With its name and what to check."""
    other = open_storage(DocsSettings(publisher="s3", bucket="absent"), AwsSettings())
    with pytest.raises(StorageError, match=r'The bucket "absent" cannot be used: NoSuchBucket\. Check docs\.bucket'):
        other.listing("x")


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path, make_site: MakeSite) -> None:
    """Here because a file stands in its place."""
    (tmp_path / "file").write_text("x")
    storage = open_storage(DocsSettings(directory=tmp_path / "file"), AwsSettings())
    site = make_site(OLD)
    with pytest.raises(StorageError, match=r"Check docs\.directory"):
        publish_site(storage, ORDERS, site, metadata(site, "r1"))


def test_a_local_site_is_never_half_a_file(tmp_path: Path, make_site: MakeSite) -> None:
    """What a crash left beside a file is removed by the next publication."""
    storage = open_storage(DocsSettings(directory=tmp_path / "published"), AwsSettings())
    site = make_site(OLD)
    publish_site(storage, ORDERS, site, metadata(site, "r1"))
    left = tmp_path / "published" / site_folder(ORDERS) / "guide" / ".partial-1"
    left.write_text("half")
    publish_site(storage, ORDERS, site, metadata(site, "r1"))
    assert not left.exists()
