"""The catalog's file of a repository: what Backstage reads there is what Greenroom would serve."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings

from catalog_provider.entities.catalog_info import read_entities
from catalog_provider.entities.origin import Origin, Surroundings
from catalog_provider.entities.service import service_entities
from foundation.backstage.entities import EntityRef
from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.settings import PlatformSettings
from scaffolder_actions.workload import render_service
from scaffolder_actions.workload.repository import catalog_info
from tests.judges.documents import document_of, service_of, services

PLATFORM = PlatformSettings()
ORIGIN = Origin("commerce/order-api/service.yaml", "url:https://git.example/service.yaml", "url:https://git.example/")
# Where an entity was read is added by whoever reads it.
PLACES = {"backstage.io/managed-by-location", "backstage.io/managed-by-origin-location", "backstage.io/source-location"}


def text_of(service: Service) -> str:
    """The file as it is written."""
    return render_service(service, dict.fromkeys(service.environments, "1"), PLATFORM)["catalog-info.yaml"].text


def by_reference(entities: Any) -> dict[str, Any]:
    return {str(EntityRef.of(each)): _unplaced(each) for each in entities}


def _unplaced(entity: JsonObject) -> Any:
    metadata: Any = entity["metadata"]
    annotations = {key: value for key, value in metadata.get("annotations", {}).items() if key not in PLACES}
    return {**entity, "metadata": {**metadata, "annotations": annotations}}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(services())
def test_backstage_and_greenroom_read_the_same(service: Service) -> None:
    """Whichever of the two reads the repository, the catalog is the same."""
    pages = service.docs.rstrip("/")
    beside = dict.fromkeys([f"{pages}/mkdocs.yml", f"{pages}/docs/decisions/0000-a.md", f"{pages}/docs/runbook.md"], "")
    if service.api:
        beside[service.api] = "openapi: 3.0.3"
    around = Surroundings({path.removeprefix("./") for path in beside}, lambda _: b"", "service.yaml")
    served = service_entities(service, ORIGIN, around, "x" if service.api else None, PLATFORM, namespace="default")
    ours, theirs = by_reference(catalog_info(service, PLATFORM)), by_reference(served.declared)
    assert ours.keys() == theirs.keys()
    for reference, entity in ours.items():
        expected = theirs[reference]
        if reference.startswith("api:"):
            expected["spec"]["definition"] = entity["spec"]["definition"]
        if service.runbook and not service.runbook.startswith("http"):
            # A file that only reading the repository shows is linked by none but those who read it.
            continue
        assert entity == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(services())
def test_what_is_written_is_what_backstage_takes(service: Service) -> None:
    """Backstage's envelope, by the reader of such files; the Component first."""
    read = read_entities(text_of(service).encode(), ORIGIN)
    assert by_reference(read) == by_reference(catalog_info(service, PLATFORM))
    assert next(each["kind"] for each in read) == "Component"
    assert "System" not in {each["kind"] for each in read}


def test_an_api_is_the_file_that_is_named() -> None:
    """Backstage reads it beside the catalog's file; without a name, nobody knows that it is there."""
    named = list(yaml.safe_load_all(text_of(service_of(document_of(api="openapi.yaml")))))
    assert named[-1]["spec"]["definition"] == {"$text": "./openapi.yaml"}
    assert named[0]["spec"]["providesApis"] == ["order-api"]
    assert "API" not in {each["kind"] for each in catalog_info(service_of(document_of()), PLATFORM)}


def test_documentation_is_where_the_document_says() -> None:
    """A folder of its own, with its decisions below."""
    (component, *_) = catalog_info(service_of(document_of(docs="handbook")), PLATFORM)
    annotations: Any = component["metadata"]
    assert annotations["annotations"]["backstage.io/techdocs-ref"] == "dir:./handbook"
    assert annotations["annotations"]["backstage.io/adr-location"] == "handbook/docs/decisions"


def test_where_it_stands_is_left_to_backstage() -> None:
    """A file that says where it is would be wrong in every copy."""
    assert not PLACES & set(
        yaml.safe_load_all(text_of(service_of(document_of()))).__next__()["metadata"]["annotations"]
    )
