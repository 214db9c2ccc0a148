"""Whom a repository documents."""

from __future__ import annotations

from techdocs.sources import documented_entities, has_pages_among

SERVICE = """
apiVersion: platform.company.com/v1
kind: Service
metadata: {name: order-api, team: commerce}
spec: {docs: documentation, api: api/orders.yaml}
"""
CATALOG = """
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: {name: shop}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Web
  title: The shop
  namespace: shop
  annotations: {backstage.io/techdocs-ref: "dir:./web", backstage.io/adr-location: web/adr}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: elsewhere, annotations: {backstage.io/techdocs-ref: "url:https://example.com/x"}}
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: outside, annotations: {backstage.io/techdocs-ref: "dir:../.."}}
"""


def entities(files: dict[str, str], *, pages: bool = True) -> list[tuple[str, str, str, str | None, str | None]]:
    found = documented_entities(
        lambda path: files[path].encode() if path in files else None, has_pages=lambda _: pages, namespace="default"
    )
    return [(str(each.reference), each.title, each.folder, each.openapi, each.decisions) for each in found]


def test_a_service_document_stands_for_its_component() -> None:
    """With the folder of its documentation and its API."""
    expected = ("component:default/order-api", "order-api", "documentation", "api/orders.yaml", None)
    assert entities({"service.yaml": SERVICE}) == [expected]


def test_a_service_without_pages_documents_nothing() -> None:
    """Nobody wants a failed build of a site that was never written."""
    assert entities({"service.yaml": SERVICE}, pages=False) == []


def test_catalog_entities_say_so_themselves() -> None:
    """Those with a techdocs-ref to a folder of the repository count."""
    assert entities({"catalog-info.yaml": CATALOG}, pages=False) == [
        ("component:shop/web", "The shop", "web", None, "web/adr")
    ]


def test_what_cannot_be_read_documents_nothing() -> None:
    """Neither broken documents nor Kubernetes' own Service."""
    kubernetes = "apiVersion: v1\nkind: Service\nmetadata: {name: order-api}\n"
    for text in ("kind: [", kubernetes, "", SERVICE.replace("order-api", "../x"), SERVICE.replace("order-api", "[a]")):
        assert entities({"service.yaml": text}) == []


def test_pages_are_an_mkdocs_file_or_markdown_in_docs() -> None:
    """The same rule by which the catalog links to documentation."""
    assert has_pages_among({"mkdocs.yml"}, "")
    assert has_pages_among({"web/docs/a/b.md"}, "web")
    assert not has_pages_among({"docs/logo.png", "README.md", "web/docs/b.md"}, "")
