"""From an OpenAPI document to what its pages show. What is malformed in it is left out and noted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from foundation.jsontypes import Json
from techdocs.api_reference.document import References, items, mapping, text
from techdocs.api_reference.model import Api, Content, Field, Operation, Response, SecurityScheme, Shape
from techdocs.api_reference.schemas import Schemas
from techdocs.prose import code, inert

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
# A page with more operations takes MkDocs seconds; the largest APIs of services have a few hundred.
MOST_OPERATIONS: Final = 500
MOST_SCHEMAS: Final = 500
UNTAGGED: Final = "Operations"
_NOT_IN_ANCHOR = re.compile(r"[^a-z0-9]+")


def read_api(document: Mapping[str, Json], *, schemas_page: str) -> tuple[Api, list[str]]:
    """The API, and what of the document could not be shown. `schemas_page` is how pages link to the schemas."""
    references = References(document)
    components = mapping(document.get("components"))
    named = mapping(components.get("schemas"))
    reader = _Reader(references, Schemas(references, frozenset(named), schemas_page), document)
    info = mapping(document.get("info"))
    operations = tuple(reader.operations())
    declared = [
        (text(mapping(tag).get("name")), text(mapping(tag).get("description"))) for tag in items(document.get("tags"))
    ]
    api = Api(
        title=text(info.get("title")) or "API",
        version=text(info.get("version")),
        description=text(info.get("description")),
        servers=tuple(reader.servers()),
        security=tuple(reader.security_schemes(mapping(components.get("securitySchemes")))),
        tags=_tags(declared, operations),
        operations=operations,
        schemas=tuple(reader.schemas_of(named)),
    )
    return api, references.warnings


def _tags(declared: list[tuple[str, str]], operations: tuple[Operation, ...]) -> tuple[tuple[str, str], ...]:
    """The tags that have operations: first as declared, then as they come."""
    used = dict.fromkeys(operation.tag for operation in operations)
    known = {name: description for name, description in declared if name in used}
    return tuple((known | {name: known.get(name, "") for name in used}).items())


class _Reader:
    def __init__(self, references: References, schemas: Schemas, document: Mapping[str, Json]) -> None:
        self._references = references
        self._schemas = schemas
        self._document = document
        self._anchors: set[str] = set()

    def servers(self) -> Iterator[tuple[str, str]]:
        for server in items(self._document.get("servers")):
            address = text(mapping(server).get("url"))
            if address:
                yield address, text(mapping(server).get("description"))

    def security_schemes(self, schemes: Mapping[str, Json]) -> Iterator[SecurityScheme]:
        for name, value in schemes.items():
            scheme = self._references.resolve(value)
            yield SecurityScheme(name, _how(scheme), text(scheme.get("description")))

    def schemas_of(self, named: Mapping[str, Json]) -> Iterator[tuple[str, Shape]]:
        for index, (name, schema) in enumerate(named.items()):
            if index >= MOST_SCHEMAS:
                self._references.warn(f"only the first {MOST_SCHEMAS} schemas are shown.")
                return
            yield name, self._schemas.named(schema)

    def operations(self) -> Iterator[Operation]:
        count = 0
        for path, value in mapping(self._document.get("paths")).items():
            item = self._references.resolve(value)
            shared = list(items(item.get("parameters")))
            for method in METHODS:
                if not isinstance(item.get(method), Mapping):
                    continue
                count += 1
                if count > MOST_OPERATIONS:
                    self._references.warn(f"only the first {MOST_OPERATIONS} operations are shown.")
                    return
                yield self._operation(method, path, mapping(item[method]), shared)

    def _operation(self, method: str, path: str, value: Mapping[str, Json], shared: list[Json]) -> Operation:
        body = self._references.resolve(value.get("requestBody"))
        name = text(value.get("operationId")) or f"{method}-{path}"
        return Operation(
            anchor=self._anchor(name),
            method=method.upper(),
            path=path,
            tag=next((text(tag) for tag in items(value.get("tags")) if text(tag)), UNTAGGED),
            summary=text(value.get("summary")),
            description=text(value.get("description")),
            deprecated=value.get("deprecated") is True,
            parameters=self._parameters([*shared, *items(value.get("parameters"))]),
            body_description=text(body.get("description")),
            body=self._contents(body.get("content")),
            body_required=body.get("required") is True,
            responses=tuple(self._responses(mapping(value.get("responses")))),
            security=tuple(_requirements(value.get("security", self._document.get("security")))),
        )

    def _anchor(self, name: str) -> str:
        base = _NOT_IN_ANCHOR.sub("-", name.lower()).strip("-") or "operation"
        anchor, number = base, 1
        while anchor in self._anchors:
            number += 1
            anchor = f"{base}-{number}"
        self._anchors.add(anchor)
        return anchor

    def _parameters(self, values: list[Json]) -> tuple[Field, ...]:
        """Those of the operation win over those that its path shares."""
        fields: dict[tuple[str, str], Field] = {}
        for value in values:
            parameter = self._references.resolve(value)
            name, place = text(parameter.get("name")), text(parameter.get("in"))
            if name:
                fields[name, place] = self._field(name, parameter, place)
        return tuple(fields.values())

    def _field(self, name: str, value: Mapping[str, Json], place: str = "") -> Field:
        # A parameter has a schema, or one media type that has it.
        content = next(iter(mapping(value.get("content")).values()), None)
        schema = value.get("schema", mapping(content).get("schema", {}))
        return Field(
            name,
            self._schemas.type(schema),
            required=value.get("required") is True,
            place=place,
            description=text(value.get("description")),
            notes=self._schemas.notes(schema),
        )

    def _contents(self, value: Json) -> tuple[Content, ...]:
        contents: list[Content] = []
        for media_type, declared in mapping(value).items():
            content = self._references.resolve(declared)
            shape = self._schemas.shape(content.get("schema", {}))
            given = content.get("example")
            if given is None:
                first = next(iter(mapping(content.get("examples")).values()), None)
                given = self._references.resolve(first).get("value")
            example = shape.example if given is None else given
            contents.append(Content(media_type, Shape(shape.type, shape.description, shape.fields, example)))
        return tuple(contents)

    def _responses(self, values: Mapping[str, Json]) -> Iterator[Response]:
        for status, value in values.items():
            response = self._references.resolve(value)
            headers = mapping(response.get("headers")).items()
            yield Response(
                status,
                text(response.get("description")),
                self._contents(response.get("content")),
                tuple(self._field(name, self._references.resolve(header)) for name, header in headers),
            )


def _requirements(value: Json) -> Iterator[str]:
    """Each alternative of a security requirement, as Markdown."""
    for alternative in items(value):
        schemes = mapping(alternative)
        parts: list[str] = []
        for name, scopes in schemes.items():
            granted = ", ".join(code(text(scope)) for scope in items(scopes))
            parts.append(f"{inert(name)} ({granted})" if granted else inert(name))
        yield " and ".join(parts) or "nothing"


def _how(scheme: Mapping[str, Json]) -> str:
    kind = text(scheme.get("type"))
    if kind == "apiKey":
        return f"A key in the {inert(text(scheme.get('in')))} {code(text(scheme.get('name')))}."
    if kind == "http":
        form = text(scheme.get("bearerFormat"))
        word = text(scheme.get("scheme")).capitalize()
        return (
            f"{inert(word)} authentication{f' ({inert(form)})' if form else ''} in the header {code('Authorization')}."
        )
    if kind == "oauth2":
        flows = ", ".join(inert(name) for name in mapping(scheme.get("flows")))
        return f"OAuth 2{f': {flows}' if flows else ''}."
    if kind == "openIdConnect":
        return f"OpenID Connect: {code(text(scheme.get('openIdConnectUrl')))}."
    return f"{inert(kind) or 'Unknown'}."
