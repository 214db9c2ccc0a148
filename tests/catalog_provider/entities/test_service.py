"""A service document as entities of a provider; the mapping itself is tested with it, in `foundation`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from catalog_provider.entities.service import service_entities
from foundation.backstage.entities import EntityRef
from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.settings import LinkTemplate, PlatformSettings

from .samples import ORIGIN, beside, service


def mapped(
    described: Service,
    files: Mapping[str, str] | None = None,
    links: Sequence[LinkTemplate] = (),
    api: str | None = None,
    document: str = "service.yaml",
) -> dict[str, Any]:
    """The entities of a service, by reference."""
    made = service_entities(
        described, ORIGIN, beside(files, document), api, PlatformSettings(), namespace="default", links=links
    )
    return {str(EntityRef.of(each)): each for each in (*made.declared, *made.implied)}


def component(described: Service, **given: Any) -> Any:
    """The Component of a service."""
    return mapped(described, **given)["component:default/order-api"]


def test_every_entity_says_where_it_comes_from() -> None:
    """Backstage refuses an entity of a provider without both managed-by annotations, and links to the source."""
    for entity in mapped(service(spec="dependencies: [{ type: s3 }]"), api="openapi: 3.0.3").values():
        annotations = entity["metadata"]["annotations"]
        assert annotations["backstage.io/managed-by-location"] == ORIGIN.location
        assert annotations["backstage.io/managed-by-origin-location"] == ORIGIN.location
        assert annotations["backstage.io/source-location"] == ORIGIN.source
        assert annotations["backstage.io/view-url"] == ORIGIN.view_url
        assert annotations["backstage.io/edit-url"] == ORIGIN.edit_url


def test_a_document_cannot_pose_as_another() -> None:
    """Annotations of a document are taken over, but for those that the platform answers for."""
    annotations = (
        "annotations: { pagerduty.com/service-id: P7X2K, backstage.io/managed-by-location: 'url:x', "
        "backstage.io/kubernetes-id: other, greenroom/environments: moon }"
    )
    found = component(service(f"name: order-api, team: commerce, {annotations}"))["metadata"]["annotations"]
    assert found["pagerduty.com/service-id"] == "P7X2K"
    assert found["backstage.io/managed-by-location"] == ORIGIN.location
    assert found["backstage.io/kubernetes-id"] == "order-api"
    assert found["greenroom/environments"] == "staging,production"


def test_docs_and_decisions_are_named_only_where_they_are() -> None:
    """A link to docs that nobody wrote is worse than none."""
    bare = component(service())["metadata"]["annotations"]
    assert not {"backstage.io/techdocs-ref", "backstage.io/adr-location"} & set(bare)
    files = {"mkdocs.yml": "", "docs/adr/0001-begin.md": "", "docs/decisions/readme.md": ""}
    full = component(service(), files=files)["metadata"]["annotations"]
    assert (full["backstage.io/techdocs-ref"], full["backstage.io/adr-location"]) == ("dir:.", "docs/adr")
    pages = component(service(), files={"docs/index.md": ""})["metadata"]["annotations"]
    assert pages["backstage.io/techdocs-ref"] == "dir:."


def test_paths_are_relative_to_the_document() -> None:
    """In a repository of several services, each has its own docs."""
    files = {"orders/handbook/mkdocs.yml": "", "docs/index.md": ""}
    found = component(service(spec="docs: handbook"), files=files, document="orders/service.yaml")
    assert found["metadata"]["annotations"]["backstage.io/techdocs-ref"] == "dir:./handbook"


def test_an_api_carries_its_document() -> None:
    """The definition is the text itself, and the Component provides the API."""
    found = mapped(service(), api="openapi: 3.0.3\n")
    assert found["api:default/order-api"]["spec"]["definition"] == "openapi: 3.0.3\n"
    assert found["component:default/order-api"]["spec"]["providesApis"] == ["order-api"]


def test_the_mapping_is_deterministic() -> None:
    """The same document gives the same bytes, or the catalog would be rewritten at each look."""

    def once() -> Sequence[JsonObject]:
        described = service("name: order-api, team: commerce, tags: [b, a]", "language: python, framework: fastapi")
        return list(mapped(described, files={"mkdocs.yml": ""}).values())

    assert once() == once()
    assert once()[0]["metadata"]["tags"] == ["b", "a", "python", "fastapi"]  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    ("spec", "files", "page"),
    [
        ("", ["docs/runbook.md"], "http://localhost:3000/docs/default/component/order-api/runbook"),
        (
            "runbook: docs/runbook.md",
            ["docs/runbook.md"],
            "http://localhost:3000/docs/default/component/order-api/runbook",
        ),
        ("runbook: OPS.md", ["OPS.md"], "https://git.example/commerce/order-api/blob/main/OPS.md"),
        ("runbook: 'https://wiki.example/ops'", ["docs/runbook.md"], "https://wiki.example/ops"),
        ("runbook: docs/runbook.md", [], None),
        ("", ["docs/index.md"], None),
    ],
)
def test_the_runbook_is_linked_where_it_is(spec: str, files: Sequence[str], page: str | None) -> None:
    """In the documentation, in the repository, or elsewhere; and not at all where nobody has written it."""
    links = component(service(spec=spec), files=dict.fromkeys(files, ""))["metadata"]["links"]
    assert [each["url"] for each in links if each["title"] == "Runbook"] == ([page] if page else [])


def test_a_provider_adds_the_repository_and_the_platforms_own_links() -> None:
    """Beside what the document itself becomes."""
    links = component(service(), links=[LinkTemplate("Chat", "https://chat.example/{team}", icon="chat")])
    found = {each["title"]: each["url"] for each in links["metadata"]["links"]}
    assert found["Chat"] == "https://chat.example/commerce"
    assert found["Repository"] == "https://git.example/commerce/order-api"
