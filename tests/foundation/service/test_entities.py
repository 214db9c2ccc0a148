"""A service document as entities of the catalog."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from foundation.backstage.entities import EntityRef, is_valid_name
from foundation.service import Service, load_service
from foundation.service.entities import Beside, resource_name, service_entities, template_links
from foundation.settings import LinkTemplate, PlatformSettings
from tests.judges.documents import services

HEADER = "apiVersion: platform.company.com/v1\nkind: Service\n"
PLATFORM = PlatformSettings()


def service(metadata: str = "name: order-api, team: commerce", spec: str = "") -> Service:
    """A service of these fields, in YAML's flow style."""
    return load_service(f"{HEADER}metadata: {{ {metadata} }}\nspec: {{ {spec} }}\n", "service.yaml", PLATFORM)


def mapped(described: Service, settings: PlatformSettings = PLATFORM, **beside: Any) -> dict[str, Any]:
    """The entities of a service, by reference."""
    made = service_entities(described, Beside(**beside), settings)
    return {str(EntityRef.of(each)): each for each in (*made.declared, *made.implied)}


def component(described: Service, settings: PlatformSettings = PLATFORM, **beside: Any) -> Any:
    """The Component of a service."""
    return mapped(described, settings, **beside)["component:default/order-api"]


def titles(found: Any) -> list[tuple[str, str]]:
    return [(each["title"], each["url"]) for each in found["metadata"]["links"]]


def test_the_sample_document() -> None:
    """The document that users were shown becomes a Component, its two Resources and its System."""
    sample = Path(__file__).parents[3] / "examples" / "order-api" / "service.yaml"
    found = mapped(load_service(sample.read_bytes(), "service.yaml", PLATFORM))
    assert set(found) == {
        "component:default/order-api",
        "resource:default/order-api-postgresql",
        "resource:default/order-api-redis",
        "system:default/commerce",
    }
    assert {each["spec"].get("type") for each in found.values() if each["kind"] == "Resource"} == {"database", "cache"}


@pytest.mark.parametrize(
    ("spec", "kind"),
    [("", "service"), ("type: worker", "worker"), ("type: job, schedule: { cron: '15 3 * * *' }", "job")],
)
def test_a_type_of_service_is_a_type_of_component(spec: str, kind: str) -> None:
    """Backstage's catalog tells components apart by type."""
    assert component(service(spec=spec))["spec"]["type"] == kind


def test_dependencies_lead_to_what_they_mean() -> None:
    """Of another service: its Component, whosever it is. Otherwise: a Resource of its own, told apart by name."""
    spec = (
        "dependencies: [{ type: service, name: payment-api, team: payments }, { type: sqs }, "
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
    assert (
        found["resource:default/order-api-postgresql-audit"]["metadata"]["title"] == "PostgreSQL of order-api (audit)"
    )


@pytest.mark.parametrize(
    ("dependency", "overrides", "expected"),
    [
        ("type: postgresql", "", "PostgreSQL of order-api, version 17, size small."),
        (
            "type: postgresql, version: '16', storage: 50",
            "overrides: { production: { dependencies: { postgresql: { size: large, storage: 900 } } } }",
            "PostgreSQL of order-api, version 16, size small, 50 GiB; production: size large, 900 GiB.",
        ),
        ("type: redis, size: large", "", "Redis of order-api, version 7.1, size large."),
        ("type: s3, expireDays: 90", "", "S3 of order-api, objects are deleted after 90 days."),
        ("type: sqs, fifo: true", "", "SQS of order-api, in order."),
        ("type: sqs", "", "SQS of order-api."),
    ],
)
def test_a_resource_says_how_large_it_is_and_where(dependency: str, overrides: str, expected: str) -> None:
    """The version is the one that the release decides where the document names none."""
    (resource,) = [
        each
        for each in mapped(
            service(spec=f"platform: '2026.11', dependencies: [{{ {dependency} }}], {overrides}")
        ).values()
        if each["kind"] == "Resource"
    ]
    assert resource["metadata"]["description"] == expected


def test_long_names_stay_valid_and_different() -> None:
    """Backstage takes 63 characters; the longest names of a service and its databases are longer together."""
    name = "a" * 40
    spec = f"dependencies: [{{ type: postgresql, name: {'b' * 40} }}, {{ type: postgresql, name: {'b' * 39}c }}]"
    described = service(f"name: {name}, team: commerce", spec)
    names = {resource_name(name, each) for each in described.dependencies}
    assert len(names) == 2
    assert all(is_valid_name(each) for each in names)


def test_pages_of_each_environment_are_linked() -> None:
    """The dashboard and the logs of each, the team's own pages, then the runbook and the repository."""
    settings = PlatformSettings(dashboard_url="https://g.example/d/{dashboard}", logs_url="https://l.example/{name}")
    spec = (
        "dashboards: [{ title: Funnel, url: 'https://g.example/funnel' }], "
        "links: [{ title: Wiki, url: 'https://wiki.example' }]"
    )
    found = component(
        service(spec=spec), settings, runbook="https://docs.example/{name}/runbook", repository="https://git.example/x"
    )
    assert titles(found) == [
        ("Dashboard (staging)", "https://g.example/d/order-api-staging"),
        ("Dashboard (production)", "https://g.example/d/order-api-production"),
        ("Logs", "https://l.example/order-api"),
        ("Funnel", "https://g.example/funnel"),
        ("Wiki", "https://wiki.example"),
        ("Runbook", "https://docs.example/order-api/runbook"),
        ("Repository", "https://git.example/x"),
    ]


def test_a_page_that_the_platform_has_not_is_not_linked() -> None:
    """A setting without an address says that there is none."""
    nothing = PlatformSettings(dashboard_url="", logs_url="")
    assert "links" not in component(service(), nothing)["metadata"]


def test_the_documents_own_runbook_is_the_one() -> None:
    """An address in the document stands over everything beside it."""
    found = component(service(spec="runbook: 'https://wiki.example/ops'"), runbook="https://docs.example/runbook")
    assert ("Runbook", "https://wiki.example/ops") in titles(found)
    assert "docs.example" not in str(found)


@pytest.mark.parametrize("field", ["links", "dashboards"])
def test_a_documents_own_link_may_be_one_for_each_environment(field: str) -> None:
    """Backstage's `type` of a link says which environment it is about; one that names none has no type."""
    spec = f"{field}: [{{ title: Traces, url: 'https://t/{{environment}}' }}, {{ title: Wiki, url: 'https://w' }}]"
    nothing = PlatformSettings(dashboard_url="", logs_url="")
    links = component(service(spec=spec), nothing)["metadata"]["links"]
    assert [(each["title"], each["url"], each.get("type")) for each in links] == [
        ("Traces (staging)", "https://t/staging", "staging"),
        ("Traces (production)", "https://t/production", "production"),
        ("Wiki", "https://w", None),
    ]


@pytest.mark.parametrize(("url", "count"), [("https://x.example", 1), ("https://x.example/{environment}", 2)])
def test_a_template_gives_as_many_links_as_it_means(url: str, count: int) -> None:
    """A link that does not name the environment is the same in all; nothing but the known words is replaced."""
    assert len(list(template_links(LinkTemplate("X", url), service()))) == count
    environments = [each.environment for each in template_links(LinkTemplate("X", url), service())]
    assert environments == ([None] if count == 1 else ["staging", "production"])
    (link,) = template_links(LinkTemplate("Team {team}", "https://x/{name.__class__}"), service())
    assert (link.title, link.url) == ("Team commerce", "https://x/{name.__class__}")


def test_plugins_of_backstage_find_what_is_the_services() -> None:
    """Its objects in the cluster, its dashboards and alerts by what they are marked with."""
    found = component(service())["metadata"]["annotations"]
    assert found == {
        "grafana/alert-label-selector": "service=order-api",
        "grafana/dashboard-selector": "tags @> 'greenroom' && tags @> 'order-api'",
        "backstage.io/kubernetes-namespace": "commerce",
        "backstage.io/kubernetes-id": "order-api",
        "greenroom/environments": "staging,production",
        "greenroom/hosts": "staging=order-api.staging.internal.example.com/,production=order-api.internal.example.com/",
    }


def test_an_api_is_provided_as_it_is_given() -> None:
    """As text, or as Backstage's reference to a file."""
    for definition in ("openapi: 3.0.3\n", {"$text": "./openapi.yaml"}):
        found = mapped(service(), api=definition)
        assert found["api:default/order-api"]["spec"]["definition"] == definition
        assert found["component:default/order-api"]["spec"]["providesApis"] == ["order-api"]


def test_only_what_backstage_takes_is_a_tag() -> None:
    """One wrong tag would keep the whole entity out of the catalog."""
    assert component(service(spec="language: c#, framework: asp.net-"))["metadata"]["tags"] == ["c#"]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(services())
def test_any_document_becomes_the_same_entities_each_time(described: Service) -> None:
    """With names that Backstage takes, each once; or the catalog would be rewritten at each look."""
    found = mapped(described)
    assert found == mapped(described)
    made = service_entities(described, Beside(), PLATFORM)
    assert len(found) == len(made.declared) + len(made.implied)
    assert all(is_valid_name(each["metadata"]["name"]) for each in found.values())
