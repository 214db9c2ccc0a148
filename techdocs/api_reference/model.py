"""An OpenAPI document as its pages show it: plain, resolved and bounded."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.jsontypes import Json


@dataclass(frozen=True)
class Field:
    """A parameter, or a property of a schema (`name` then has dots for what is nested).

    `type` and `notes` are Markdown, `description` is as written.
    """

    name: str
    type: str
    required: bool = False
    place: str = ""
    description: str = ""
    notes: str = ""


@dataclass(frozen=True)
class Shape:
    """A schema: its type as Markdown, its properties, and what a value looks like.

    `example` is None where none can be given.
    """

    type: str
    description: str = ""
    fields: tuple[Field, ...] = ()
    example: Json = None


@dataclass(frozen=True)
class Content:
    """What a body looks like in one media type."""

    media_type: str
    shape: Shape


@dataclass(frozen=True)
class Response:
    """An answer. `status` is a code, a range such as `4XX`, or `default`."""

    status: str
    description: str
    contents: tuple[Content, ...] = ()
    headers: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One method of one path. `anchor` is unique in the document; `security` are alternatives in words."""

    anchor: str
    method: str
    path: str
    tag: str
    summary: str
    description: str
    deprecated: bool
    parameters: tuple[Field, ...]
    body_description: str
    body: tuple[Content, ...]
    body_required: bool
    responses: tuple[Response, ...]
    security: tuple[str, ...]


@dataclass(frozen=True)
class SecurityScheme:
    """A way to prove who is calling; `how` says it in words."""

    name: str
    how: str
    description: str


@dataclass(frozen=True)
class Api:
    """The whole document. `servers` are address and description; `schemas` are named."""

    title: str
    version: str
    description: str
    servers: tuple[tuple[str, str], ...]
    security: tuple[SecurityScheme, ...]
    tags: tuple[tuple[str, str], ...]
    operations: tuple[Operation, ...]
    schemas: tuple[tuple[str, Shape], ...]
