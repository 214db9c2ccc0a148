"""`techdocs_metadata.json`, by which Backstage knows a site and drops old files from its cache."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from foundation.jsontypes import Json

METADATA: Final = "techdocs_metadata.json"
# Bytes. A site of 5,000 files has about 400 KiB of it.
LARGEST: Final = 8 * 1024 * 1024


@dataclass(frozen=True)
class Metadata:
    """What is known of a published site. `build_timestamp` is in milliseconds, `etag` the revision of its source."""

    site_name: str
    site_description: str
    build_timestamp: int
    files: tuple[str, ...]
    etag: str

    def text(self) -> str:
        """As it stands in the file."""
        value = {
            "site_name": self.site_name,
            "site_description": self.site_description,
            "build_timestamp": self.build_timestamp,
            "files": list(self.files),
            "etag": self.etag,
        }
        return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def make_metadata(*, site_name: str, site_description: str, files: Sequence[str], etag: str, now_ms: int) -> Metadata:
    """The metadata of a site of these files; the file that holds it is one of them."""
    return Metadata(site_name, site_description, now_ms, tuple(sorted({*files, METADATA})), etag)


def read_metadata(content: bytes) -> Metadata | None:
    """What a published file says; None when it is not one that this module could have written."""
    try:
        value: Json = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    files, stamp = value.get("files"), value.get("build_timestamp")
    if not isinstance(files, list) or not isinstance(stamp, int):
        return None
    return Metadata(
        str(value.get("site_name", "")),
        str(value.get("site_description", "")),
        stamp,
        tuple(str(file) for file in files),
        str(value.get("etag", "")),
    )


def site_files(site: Path) -> list[str]:
    """Every file of a built site, relative to it and sorted."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file())
