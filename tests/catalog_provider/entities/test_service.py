from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from catalog_provider.entities.service import fill_link, resource_name, service_entities
from foundation.backstage.entities import EntityRef, is_valid_name
from foundation.jsontypes import JsonObject
from foundation.service import Service, load_service
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
    made = service_entities(described, ORIGIN, beside(files, document), api, namespace="default", links=links)
    return {str(EntityRef.of(each)): each for each in (*made.declared, *made.implied)}


def component(described: Service, **given: Any) -> Any:
    """The Component of a service."""
    return mapped(described, **given)["component:default/order-api"]


def test_the_sample_document() -> None:
    """The document that users were shown becomes a Component, its two Resources and its System."""
    sample = Path(__file__).parents[3] / "examples" / "order-api" / "service.yaml"
    found = mapped(load_service(sample.read_bytes(), "service.yaml", PlatformSettings()))
    assert set(found) == {
        "component:default/order-api",
        "resource:default/order-api-postgresql",
        "resource:default/order-api-redis",
        "system:default/commerce",
    }
    assert {each["spec"].get("type") for each in found.values() if each["kind"] == "Resource"} == {"database", "cache"}


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


def test_dependencies_lead_to_what_they_mean() -> None:
    """Of another service: its Component. Otherwise: a Resource of its own, told apart by name."""
    spec = (
        "dependencies: [{ type: service, name: payment-api }, { type: sqs }, "
        "{ type: postgresql, name: orders }, { type: postgresql, name: audit, size: large }]"
    )
    found = mapped(service(spec=spec))
    assert found["component:default/order-api"]["spec"]["dependsOn"] == [
        "component:default/payment-api",
        "resource:default/order-api-sqs",
        "resource:default/order-api-postgresql-orders",
        "resource:default/order-api-postgresql-audit",
    ]
    assert found["resource:default/order-api-sqs"]["spec"]["type"] == "queue"
    assert "size large" in found["resource:default/order-api-postgresql-audit"]["metadata"]["description"]


def test_long_names_stay_valid_and_different() -> None:
    """Backstage takes 63 characters; the longest names of a service and its databases are longer together."""
    name = "a" * 40
    spec = f"dependencies: [{{ type: postgresql, name: {'b' * 40} }}, {{ type: postgresql, name: {'b' * 39}c }}]"
    described = service(f"name: {name}, team: commerce", spec)
    names = {resource_name(name, each) for each in described.dependencies}
    assert len(names) == 2
    assert all(is_valid_name(each) for each in names)


def test_an_api_carries_its_document() -> None:
    """The definition is the text itself, and the Component provides the API."""
    found = mapped(service(), api="openapi: 3.0.3\n")
    assert found["api:default/order-api"]["spec"]["definition"] == "openapi: 3.0.3\n"
    assert found["component:default/order-api"]["spec"]["providesApis"] == ["order-api"]


def test_links_are_filled_in() -> None:
    """One link for each environment where the template names it; nothing but the known words is replaced."""
    links = (
        LinkTemplate("Dashboard", "https://g.example/d/{name}?env={environment}"),
        LinkTemplate("Team {team}", "https://chat.example/{team}/{name.__class__}", icon="chat"),
    )
    runbook = "runbook: docs/runbook.md, links: [{ title: Wiki, url: 'https://wiki.example' }]"
    found = component(service(spec=runbook), links=links)["metadata"]["links"]
    assert [(each["title"], each["url"]) for each in found] == [
        ("Dashboard (staging)", "https://g.example/d/order-api?env=staging"),
        ("Dashboard (production)", "https://g.example/d/order-api?env=production"),
        ("Team commerce", "https://chat.example/commerce/{name.__class__}"),
        ("Wiki", "https://wiki.example"),
        ("Runbook", "https://git.example/commerce/order-api/blob/main/docs/runbook.md"),
        ("Repository", "https://git.example/commerce/order-api"),
    ]


@pytest.mark.parametrize(("url", "count"), [("https://x.example", 1), ("https://x.example/{environment}", 2)])
def test_a_template_gives_as_many_links_as_it_means(url: str, count: int) -> None:
    """A link that does not name the environment is the same in all."""
    assert len(fill_link(LinkTemplate("X", url), service())) == count


def test_the_mapping_is_deterministic() -> None:
    """The same document gives the same bytes, or the catalog would be rewritten at each look."""

    def once() -> Sequence[JsonObject]:
        described = service("name: order-api, team: commerce, tags: [b, a]", "language: python, framework: fastapi")
        return list(mapped(described, files={"mkdocs.yml": ""}).values())

    assert once() == once()
    assert once()[0]["metadata"]["tags"] == ["b", "a", "python", "fastapi"]  # type: ignore[index,call-overload]


def test_only_what_backstage_takes_is_a_tag() -> None:
    """One wrong tag would keep the whole entity out of the catalog."""
    found = component(service(spec="language: c#, framework: asp.net-"))
    assert found["metadata"]["tags"] == ["c#"]


def test_a_worker_is_no_service() -> None:
    """Backstage's catalog tells components apart by type."""
    assert component(service(spec="type: worker"))["spec"]["type"] == "worker"
