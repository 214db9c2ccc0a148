"""Entity references, names and the envelope that every Backstage entity has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from foundation.errors import InputError
from foundation.jsontypes import Json, JsonObject

# `@backstage/catalog-model`: KubernetesValidatorFunctions.isValidObjectName, isValidNamespace and isValidLabelKey.
NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
NAMESPACE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
KIND = re.compile(r"[A-Za-z][A-Za-z0-9]{0,62}")
# A kind, a namespace and a name of 63 characters each, and two separators.
LONGEST_REFERENCE = 3 * 63 + 2
DEFAULT_NAMESPACE = "default"


@dataclass(frozen=True, order=True)
class EntityRef:
    """A reference to an entity. `str()` is its full, lower-cased form, such as `component:default/order-api`."""

    kind: str
    namespace: str
    name: str

    @classmethod
    def parse(cls, text: str, *, default_kind: str = "", default_namespace: str = DEFAULT_NAMESPACE) -> EntityRef:
        """Read `[kind:][namespace/]name` in any case; raises InputError where it is none."""
        if len(text) > LONGEST_REFERENCE:
            raise InputError(f'"{text[:40]}…" is too long for an entity reference.', remedy=_REMEDY)
        kind, colon, rest = text.rpartition(":")
        namespace, slash, name = rest.rpartition("/")
        reference = cls(
            (kind if colon else default_kind).lower(),
            (namespace if slash else default_namespace).lower(),
            name.lower(),
        )
        valid = (
            KIND.fullmatch(reference.kind)
            and NAMESPACE.fullmatch(reference.namespace)
            and NAME.fullmatch(reference.name)
        )
        if not valid:
            raise InputError(f'"{text}" is not an entity reference.', remedy=_REMEDY)
        return reference

    @classmethod
    def of(cls, entity: JsonObject) -> EntityRef:
        """The reference of an entity in Backstage's envelope."""
        metadata = entity.get("metadata")
        if not isinstance(metadata, Mapping):
            raise InputError("The entity has no metadata.", remedy="An entity has kind and metadata.name.")
        namespace = str(metadata.get("namespace") or DEFAULT_NAMESPACE)
        return cls.parse(f"{entity.get('kind', '')}:{namespace}/{metadata.get('name', '')}")

    def __str__(self) -> str:
        return f"{self.kind}:{self.namespace}/{self.name}"


def reference_of(text: Json, kind: str, namespace: str) -> str | None:
    """The full reference that a field such as `spec.owner` holds, of `kind` where it does not say; None for what is none."""
    if not isinstance(text, str):
        return None
    try:
        return str(EntityRef.parse(text, default_kind=kind, default_namespace=namespace))
    except InputError:
        return None


_REMEDY = "Write it as kind:namespace/name, such as component:default/order-api."


def is_valid_name(name: str) -> bool:
    """Whether Backstage takes `name` as an entity's `metadata.name`."""
    return NAME.fullmatch(name) is not None


def is_valid_namespace(namespace: str) -> bool:
    """Whether Backstage takes `namespace` as an entity's `metadata.namespace`."""
    return NAMESPACE.fullmatch(namespace) is not None


def entity(
    kind: str,
    name: str,
    spec: JsonObject,
    *,
    location: str,
    api_version: str = "backstage.io/v1alpha1",
    namespace: str = DEFAULT_NAMESPACE,
    annotations: Mapping[str, str] | None = None,
    metadata: JsonObject | None = None,
) -> dict[str, Json]:
    """An entity in Backstage's envelope.

    `location` is where it comes from (`url:…` or `file:…`): the catalog refuses an entity of a provider
    without both managed-by annotations. `metadata` holds the optional rest, such as title, tags and links.
    """
    if not is_valid_name(name) or not is_valid_namespace(namespace):
        raise InputError(
            f'"{namespace}/{name}" cannot be the name of an entity.',
            remedy="Use letters, digits, '-', '_' and '.', at most 63, beginning and ending with a letter or digit.",
        )
    marks = {
        "backstage.io/managed-by-location": location,
        "backstage.io/managed-by-origin-location": location,
        **(annotations or {}),
    }
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {**(metadata or {}), "name": name, "namespace": namespace, "annotations": marks},
        "spec": spec,
    }
