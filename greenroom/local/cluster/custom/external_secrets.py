"""external-secrets.io: secrets that come from a store outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from greenroom.local.cluster.cells import AGE, Column, at, condition
from greenroom.local.cluster.custom.definition import Definition
from greenroom.local.cluster.custom.fields import Fields
from greenroom.local.cluster.objects import Manifest

_STORE: Final[Fields] = {"name": "text", "kind": "SecretStore|ClusterSecretStore"}
_SOURCE: Final[Fields] = {
    "storeRef": _STORE,
    "generatorRef": {"apiVersion": "text", "kind!": "text", "name!": "text"},
}
_REMOTE: Final[Fields] = {
    "key!": "text",
    "property": "text",
    "version": "text",
    "metadataPolicy": "None|Fetch",
    "conversionStrategy": "Default|Unicode",
    "decodingStrategy": "Auto|Base64|Base64URL|None",
}
_ITEMS: Final[Fields] = {"name!": "text", "items!": [{"key!": "text", "templateAs": "Values|KeysAndValues"}]}
_EXTERNAL_SECRET: Final[Fields] = {
    "secretStoreRef": _STORE,
    "refreshPolicy": "CreatedOnce|Periodic|OnChange",
    "refreshInterval": "text",
    "target": {
        "name": "text",
        "creationPolicy": "Owner|Orphan|Merge|None",
        "deletionPolicy": "Delete|Merge|Retain",
        "immutable": "flag",
        "template": {
            "type": "text",
            "engineVersion": "v2",
            "mergePolicy": "Replace|Merge",
            "metadata": {"annotations": "map", "labels": "map"},
            "data": "map",
            "templateFrom": [
                {"configMap": _ITEMS, "secret": _ITEMS, "literal": "text", "target": "Data|Annotations|Labels"}
            ],
        },
    },
    "data": [{"secretKey!": "text", "remoteRef!": _REMOTE, "sourceRef": _SOURCE}],
    "dataFrom": [
        {
            "extract": _REMOTE,
            "find": {
                "path": "text",
                "name": {"regexp": "text"},
                "tags": "map",
                "conversionStrategy": "Default|Unicode",
                "decodingStrategy": "Auto|Base64|Base64URL|None",
            },
            "rewrite": [{"regexp": {"source!": "text", "target!": "text"}, "transform": {"template!": "text"}}],
            "sourceRef": _SOURCE,
        }
    ],
}


def _fill_external_secret(spec: Manifest) -> None:
    spec.setdefault("refreshInterval", "1h")
    target = spec.setdefault("target", {})
    _fill(target, creationPolicy="Owner", deletionPolicy="Retain")
    if "template" in target:
        _fill(target["template"], engineVersion="v2", mergePolicy="Replace")
    for each in spec.get("data", ()):
        _fill_remote(each["remoteRef"])
    for each in spec.get("dataFrom", ()):
        if "extract" in each:
            _fill_remote(each["extract"])
        if "find" in each:
            _fill(each["find"], conversionStrategy="Default", decodingStrategy="None")


def _fill_remote(reference: Manifest) -> None:
    _fill(reference, conversionStrategy="Default", decodingStrategy="None", metadataPolicy="None")


def _fill(target: Manifest, **defaults: str) -> None:
    for name, value in defaults.items():
        target.setdefault(name, value)


_SECRET_STORE: Final = Definition(
    {
        "controller": "text",
        # One of thirty providers, each with its own ways to sign in; the simulated store asks none of them.
        "provider!": "any",
        "retrySettings": {"maxRetries": "number", "retryInterval": "text"},
        "refreshInterval": "number",
        "conditions": "any",
    },
    (
        AGE,
        Column("Status", condition("Ready", "reason")),
        Column("Capabilities", at("status.capabilities")),
        Column("Ready", condition("Ready")),
    ),
    required=False,
)

DEFINITIONS: Final[Mapping[str, Definition]] = {
    "ExternalSecret": Definition(
        _EXTERNAL_SECRET,
        (
            Column("StoreType", at("spec.secretStoreRef.kind")),
            Column("Store", at("spec.secretStoreRef.name")),
            Column("Refresh Interval", at("spec.refreshInterval")),
            Column("Status", condition("Ready", "reason")),
            Column("Ready", condition("Ready")),
        ),
        _fill_external_secret,
        required=False,
    ),
    "SecretStore": _SECRET_STORE,
    "ClusterSecretStore": _SECRET_STORE,
}
