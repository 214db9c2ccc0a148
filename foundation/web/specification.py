"""A plugin's OpenAPI document: read, checked against the plugin, and split between Connexion and the streams."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

import yaml

from foundation.errors import InputError
from foundation.jsontypes import Json
from foundation.web.paths import PathTemplate
from foundation.web.plugin import Plugin

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


class SpecificationError(InputError):
    """A plugin and its OpenAPI document disagree; the plugin cannot be served."""


class Specification:
    """The document of `plugin`. `published` is all of it as JSON; `connexion` is what Connexion serves of it.

    Raises SpecificationError where an operation has no handler, a handler no operation, or a stream no description.
    """

    def __init__(self, plugin: Plugin) -> None:
        document = cast("dict[str, Json]", yaml.safe_load(plugin.specification.read_bytes()))
        # JSON drops what YAML alone has (dates, shared nodes) before it is served.
        document = cast("dict[str, Json]", json.loads(json.dumps(document, default=str)))
        document["servers"] = [{"url": f"/api/{plugin.id}"}]
        paths = cast("Mapping[str, Mapping[str, Json]]", document.get("paths") or {})
        self.published = json.dumps(document, separators=(",", ":")).encode()
        streams = {PathTemplate(template).shape for template in plugin.streams}
        described = {path: item for path, item in paths.items() if PathTemplate(path).shape in streams}
        served = {path: item for path, item in paths.items() if path not in described}
        successes = {path: _without_errors(item) for path, item in served.items()}
        self.connexion: dict[str, Json] = {**document, "paths": successes}
        # Template → the methods that are served there, as `Allow` names them.
        self.methods = {
            path: tuple(sorted(key.upper() for key in item if key in METHODS)) for path, item in served.items()
        }
        _check(plugin, served, {PathTemplate(path).shape for path in described})


def _without_errors(item: Mapping[str, Json]) -> dict[str, Json]:
    """A path's operations with their successful answers only.

    The host answers errors. Connexion would count their content type among those that a handler may mean, and then
    ask each handler which one it does.
    """
    return {
        key: _successes(each) if key in METHODS and isinstance(each, Mapping) else each for key, each in item.items()
    }


def _successes(operation: Mapping[str, Json]) -> dict[str, Json]:
    responses = operation.get("responses")
    answers = responses if isinstance(responses, Mapping) else {}
    return {**operation, "responses": {code: each for code, each in answers.items() if str(code).startswith("2")}}


def _check(plugin: Plugin, served: Mapping[str, Mapping[str, Json]], described: set[str]) -> None:
    named = {
        str(operation.get("operationId", f"{method} {path}"))
        for path, item in served.items()
        for method, operation in item.items()
        if method in METHODS and isinstance(operation, Mapping)
    }
    faults = [f"operation {name} has no handler" for name in sorted(named - plugin.operations.keys())]
    faults += [f"handler {name} has no operation" for name in sorted(plugin.operations.keys() - named)]
    undescribed = [template for template in plugin.streams if PathTemplate(template).shape not in described]
    faults += [f"stream {template} is not described" for template in undescribed]
    if faults:
        raise SpecificationError(
            f"{plugin.specification}: {'; '.join(faults)}.",
            remedy=f"Bring the document and the plugin {plugin.id} into line.",
        )
