"""The definitions of all custom kinds, and what the server does with an object by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from greenroom.local.cluster.custom import cert_manager, external_secrets, gateway_api, monitoring
from greenroom.local.cluster.custom.definition import Definition
from greenroom.local.cluster.custom.fields import Fields, field_causes, pruned, unknown_fields
from greenroom.local.cluster.errors import Cause, invalid
from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.resources import Resource

_DEFINITIONS: Final[Mapping[str, Definition]] = {
    **gateway_api.DEFINITIONS,
    **cert_manager.DEFINITIONS,
    **external_secrets.DEFINITIONS,
    **monitoring.DEFINITIONS,
}


def definition_of(kind: Resource) -> Definition | None:
    """The definition of a custom kind; None for Kubernetes' own."""
    return _DEFINITIONS[kind.kind] if kind.custom else None


def undefined_fields(kind: Resource, manifest: Manifest) -> list[str]:
    """The fields of an object that its definition does not name; none of Kubernetes' own kinds."""
    definition = definition_of(kind)
    return list(unknown_fields(manifest, _whole(kind, definition))) if definition else []


def fit(kind: Resource, manifest: Manifest) -> Manifest:
    """The object as it is stored: without undefined fields, with defaults. Kubernetes' own kinds come back untouched.

    Raises StatusError (422) with every field that is missing, of another type, or against a rule of the definition.
    Call it on a copy that nobody else holds.
    """
    definition = definition_of(kind)
    if definition is None:
        return manifest
    fitting: Manifest = pruned(manifest, _whole(kind, definition))
    causes = list(_causes(definition, fitting))
    if not causes and "spec" in fitting:
        definition.fill(fitting["spec"])
        causes = list(definition.rules(fitting["spec"]))
    if causes:
        raise invalid(kind.kind, kind.group, str(fitting["metadata"].get("name", "")), causes)
    return fitting


def _causes(definition: Definition, manifest: Manifest) -> Iterator[Cause]:
    if "spec" in manifest:
        yield from field_causes(manifest["spec"], definition.fields, "spec")
    elif definition.required:
        yield Cause("FieldValueRequired", "Required value", "spec")


def _whole(kind: Resource, definition: Definition) -> Mapping[str, Fields]:
    status: Mapping[str, Fields] = {"status": "any"} if kind.has_status else {}
    return {"apiVersion": "text", "kind": "text", "metadata": "any", "spec": definition.fields, **status}
