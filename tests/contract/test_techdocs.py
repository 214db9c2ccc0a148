"""The real TechDocs backend, reading what `docs` published."""

from __future__ import annotations

import pytest

from tests.running_platform import Platform, eventually

pytestmark = pytest.mark.contract


def test_the_reader_finds_pages_metadata_and_search(platform: Platform) -> None:
    """Pages, the API reference, decisions and the search index are where Backstage looks for them."""
    base = "techdocs/static/docs/default/component/order-api"
    eventually(lambda: platform.backstage(f"{base}/index.html").ok, "the docs of order-api")
    index = platform.backstage(f"{base}/search/search_index.json").json()
    titles = {each["title"] for each in index["docs"]}
    assert any("Order API" in title for title in titles)
    assert any("idempotency" in title.lower() for title in titles)
    metadata = platform.backstage("techdocs/metadata/techdocs/default/component/order-api").json()
    assert metadata["site_name"] == "Order API"
    assert metadata["etag"]


def test_the_product_reads_its_own_docs_in_the_portal(platform: Platform) -> None:
    """Greenroom's own documentation is published as the documentation of its component."""
    page = "techdocs/static/docs/default/component/greenroom/index.html"
    eventually(lambda: platform.backstage(page).ok, "the docs of Greenroom", patience=120)
