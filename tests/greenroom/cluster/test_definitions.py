"""The fields of custom kinds are those that the judges of generated files know, from the definitions themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from greenroom.local.cluster.custom.definitions import definition_of
from greenroom.local.cluster.custom.fields import Fields
from greenroom.local.cluster.objects import with_metadata
from greenroom.local.cluster.resources import (
    CERTIFICATES,
    EXTERNAL_SECRETS,
    LISTENER_SETS,
    ROUTES,
    SERVICES,
    resource_of_kind,
)
from tests.greenroom.cluster.manifests import certificate, external_secret, listener_set, route, service
from tests.greenroom.cluster.simulation import Simulation
from tests.judges.installing import CRD_SCHEMAS, ensure_installed
from tests.judges.schemas import crd_errors

_KINDS = (
    "gateway.networking.k8s.io/v1 HTTPRoute",
    "gateway.networking.k8s.io/v1 ListenerSet",
    "cert-manager.io/v1 Certificate",
    "external-secrets.io/v1 ExternalSecret",
    "monitoring.coreos.com/v1 ServiceMonitor",
    "monitoring.coreos.com/v1 PodMonitor",
    "monitoring.coreos.com/v1 PrometheusRule",
)


@pytest.fixture(scope="module")
def schemas() -> Any:
    """JSON Schemas by API version and kind."""
    ensure_installed()
    return json.loads(CRD_SCHEMAS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", _KINDS)
def test_each_field_is_one_of_the_definition(schemas: Any, kind: str) -> None:
    """By name, at every depth that is looked at, and whether it must be there."""
    resource = resource_of_kind(*kind.split())
    assert resource is not None
    definition = definition_of(resource)
    assert definition is not None
    schema = schemas[kind]
    definitions = schema["definitions"]
    spec = _resolved(definitions[schema["$ref"].rpartition("/")[2]]["properties"]["spec"], definitions)
    assert list(_differences(definition.fields, spec, definitions, "spec")) == []


def test_what_the_controllers_say_fits_the_definitions(simulation: Simulation) -> None:
    """Whole objects with their statuses, defaults and metadata, as a real cluster would take them."""
    ensure_installed()
    made = [(SERVICES, service()), (ROUTES, route()), (LISTENER_SETS, listener_set())]
    made += [(CERTIFICATES, certificate()), (EXTERNAL_SECRETS, external_secret())]
    for kind, manifest in made:
        simulation.create(kind, manifest)
    simulation.clock.advance(10)
    for kind, _ in made[1:]:
        # The judges know the names of fields, and those in managedFields are paths.
        assert crd_errors(with_metadata(simulation.get(kind, "order-api"), managedFields=None)) == []


def _differences(fields: Fields, schema: Any, definitions: Any, path: str) -> Iterator[str]:
    if isinstance(fields, list) and schema.get("type") == "array":
        yield from _differences(fields[0], _resolved(schema["items"], definitions), definitions, f"{path}[]")
    elif isinstance(fields, Mapping) and "properties" in schema:
        ours = {name.removesuffix("!"): name for name in fields}
        theirs = schema["properties"]
        yield from (f"{path}.{name}: only here" for name in ours.keys() - theirs.keys())
        yield from (f"{path}.{name}: only there" for name in theirs.keys() - ours.keys())
        for name in ours.keys() & theirs.keys():
            if ours[name].endswith("!") is not (name in schema.get("required", [])):
                yield f"{path}.{name}: must it be there?"
            inner = _resolved(theirs[name], definitions)
            yield from _differences(fields[ours[name]], inner, definitions, f"{path}.{name}")
    elif not isinstance(fields, str) and not ("*" in fields and "additionalProperties" in schema):
        yield f"{path}: {fields} here, {schema} there"


def _resolved(schema: Any, definitions: Any) -> Any:
    """A schema behind references, without the null that it may be as well."""
    while "$ref" in schema or "anyOf" in schema:
        if "$ref" in schema:
            schema = definitions[schema["$ref"].rpartition("/")[2].replace("%3C", "<").replace("%3E", ">")]
        else:
            choices = [each for each in schema["anyOf"] if each.get("type") != "null"]
            if len(choices) > 1:
                return {}
            schema = choices[0]
    return schema
