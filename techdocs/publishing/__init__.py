"""Publishes sites in the layout that Backstage's TechDocs backend reads.

`publishing` has the order of things, `storage` what it needs of a place, `local` and `s3` are the two
places, `metadata` is the file by which Backstage knows a site.
"""

from __future__ import annotations

from techdocs.publishing.metadata import METADATA, Metadata, make_metadata, read_metadata, site_files
from techdocs.publishing.publishing import Publication, publish_site, published_metadata, site_folder
from techdocs.publishing.storage import Storage, open_storage

__all__ = [
    "METADATA",
    "Metadata",
    "Publication",
    "Storage",
    "make_metadata",
    "open_storage",
    "publish_site",
    "published_metadata",
    "read_metadata",
    "site_files",
    "site_folder",
]
