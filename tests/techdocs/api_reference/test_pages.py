"""From an OpenAPI document to pages."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from foundation.jsontypes import Json
from techdocs.api_reference import Pages, api_pages

ORDERS = """
openapi: 3.0.3
info: {title: Order API, version: 1.2.0, description: Takes orders.}
servers: [{url: https://orders.example.com, description: Production}]
tags: [{name: orders, description: All about orders}, {name: unused}]
security: [{token: []}, {key: []}]
paths:
  /orders:
    parameters: [{$ref: '#/components/parameters/Tenant'}]
    get:
      operationId: listOrders
      tags: [orders]
      summary: List orders
      parameters:
        - {name: limit, in: query, description: How many, schema: {type: integer, minimum: 1, maximum: 100, default: 20}}
      responses:
        '200':
          description: Orders.
          headers: {X-Total: {description: All of them, schema: {type: integer}}}
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Order'}}}}
        default: {$ref: '#/components/responses/Problem'}
    post:
      operationId: placeOrder
      tags: [orders]
      summary: Place an order
      deprecated: true
      security: [{oauth: [orders:write]}]
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Order'}
            example: {id: o-1}
      responses: {'201': {description: Placed.}}
  /health:
    get: {security: [], responses: {'204': {description: Well.}}}
components:
  parameters:
    Tenant: {name: X-Tenant, in: header, required: true, schema: {type: string, enum: [a, b]}}
  responses:
    Problem: {description: What went wrong, content: {application/problem+json: {schema: {type: object}}}}
  securitySchemes:
    token: {type: http, scheme: bearer, bearerFormat: JWT, description: From the portal}
    key: {type: apiKey, in: header, name: X-Key}
    oauth: {type: oauth2, flows: {clientCredentials: {tokenUrl: https://x, scopes: {}}}}
  schemas:
    Order:
      type: object
      description: Something ordered
      required: [id]
      properties:
        id: {type: string, format: uuid, readOnly: true}
        state: {type: string, enum: [open, done]}
        parent: {$ref: '#/components/schemas/Order'}
        lines:
          type: array
          items: {type: object, required: [sku], properties: {sku: {type: string, pattern: '^[A-Z]+$'}}}
        labels: {type: object, additionalProperties: {type: string}}
        price: {oneOf: [{type: number}, {type: string}]}
    Special:
      allOf:
        - {$ref: '#/components/schemas/Order'}
        - {type: object, properties: {reason: {type: string, nullable: true}}}
"""


def document(**parts: Json) -> bytes:
    base: Mapping[str, Json] = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}
    return json.dumps({**base, **parts}).encode()


def pages(content: bytes | str) -> Pages:
    return api_pages(content.encode() if isinstance(content, str) else content, "openapi.yaml")


def test_every_tag_has_a_page() -> None:
    """And so have the schemas; the overview leads to all."""
    made = pages(ORDERS)
    assert made.navigation == [
        {"Overview": "index.md"},
        {"orders": "orders.md"},
        {"Operations": "operations.md"},
        {"Schemas": "schemas.md"},
    ]
    assert sorted(made.files) == ["index.md", "operations.md", "orders.md", "schemas.md"]
    assert made.warnings == ()


def test_the_overview_says_where_and_how_to_call() -> None:
    """Servers, authentication, and each operation with a link."""
    page = pages(ORDERS).files["index.md"]
    assert "- <code>https&#58;//orders.example.com</code> Production" in page
    assert "- **token**: Bearer authentication (JWT) in the header <code>Authorization</code>. From the portal" in page
    assert "A key in the header <code>X-Key</code>." in page
    assert "OAuth 2: clientCredentials." in page
    assert "| [<code>GET /orders</code>](orders.md#listorders) | List orders |" in page
    assert "| [<code>POST /orders</code>](orders.md#placeorder) | Place an order (deprecated) |" in page
    assert "[<code>GET /health</code>](operations.md#get-health)" in page


def test_an_operation_shows_what_goes_in_and_comes_out() -> None:
    """Parameters of the path too, bodies, answers with their headers and schemas, and who may call."""
    page = pages(ORDERS).files["orders.md"]
    assert "## List orders { #listorders }" in page
    assert "Needs token or key." in page
    assert "Needs oauth (<code>orders&#58;write</code>)." in page
    assert "**Deprecated.**" in page
    assert "| <code>X-Tenant</code> (required) | header | string | One of <code>a</code>, <code>b</code>. |" in page
    limits = "How many At least 1; at most 100; default <code>20</code>."
    assert f"| <code>limit</code> | query | integer | {limits} |" in page
    assert "<code>application/json</code>: list of [Order](schemas.md#schema-Order)" in page
    assert "| <code>X-Total</code> | integer | All of them |" in page
    assert "**default** What went wrong" in page
    assert '```json\n{\n  "id": "o-1"\n}\n```' in page


def test_a_schema_shows_its_fields() -> None:
    """Nested ones below their parent, references as links, and what allOf adds."""
    page = pages(ORDERS).files["schemas.md"]
    order, special = page.split("## Special { #schema-Special }")
    assert "| <code>id</code> (required) | string (uuid) | Read only. |" in order
    assert "| <code>parent</code> | [Order](schemas.md#schema-Order) |" in order
    assert "| <code>lines</code> | list of object |" in order
    assert "| <code>lines&#91;&#93;.sku</code> (required) | string | Matches" in order
    assert "| <code>labels</code> | map of string |" in order
    assert "| <code>price</code> | number or string |" in order
    assert "<code>state</code>" in special
    assert "| <code>reason</code> | string or null |" in special


def test_an_example_is_made_of_types() -> None:
    """Where the document gives none; a schema that holds itself ends there."""
    example = pages(ORDERS).files["schemas.md"].split("```json\n")[1].split("\n```")[0]
    assert json.loads(example) == {
        "id": "123e4567-e89b-12d3-a456-426614174000",
        "state": "open",
        "parent": json.loads(example)["parent"],
        "lines": [{"sku": "string"}],
        "price": 1.5,
    }


BROKEN = {
    "no YAML": ("openapi: [", "not YAML"),
    "no OpenAPI": ("name: x", "does not say that it is OpenAPI 3"),
    "no mapping": ("- a", "is not an OpenAPI document"),
    "Swagger": ('swagger: "2.0"', "Convert it to OpenAPI 3"),
    "aliases": ("openapi: 3.0.0\na: &a [1]\nb: [*a, *a]", "anchor"),
    "tags": ("openapi: !!python/object/apply:os.system [id]", "tag"),
    "depth": ("openapi: 3.0.0\nx: " + "[" * 5000, "deeper"),
    "depth in JSON": ('{"openapi": "3.0.0", "x": ' + "[" * 100_000, "deeper"),
    "depth that Python's reader takes": ('{"openapi": "3.0.0", "x": ' + "[" * 400 + "]" * 400 + "}", "deeper"),
    "size": ("#" * 5_000_000, "larger than 4 MiB"),
}


@pytest.mark.parametrize(("text", "reason"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_document_becomes_a_page_that_says_so(text: str, reason: str) -> None:
    """The rest of the site is not at fault, so the build goes on with a warning."""
    made = pages(text)
    assert made.navigation == ["index.md"]
    assert "The API reference cannot be made: <code>openapi.yaml</code> is wrong." in made.files["index.md"]
    [warning] = made.warnings
    assert reason in warning


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("other.yaml#/Order", "leads to another file"),
        ("https://example.com/x", "leads to another file"),
        ("#/components/schemas/Absent", "leads nowhere"),
        ("#/paths/~1x/get/responses/200/content/application~1json/schema", "leads in a circle"),
        ("#/", "leads nowhere"),
    ],
)
def test_references_that_lead_nowhere_are_noted(reference: str, words: str) -> None:
    """No other file and no address is ever read."""
    content: Json = {"application/json": {"schema": {"$ref": reference}}}
    made = pages(document(paths={"/x": {"get": {"responses": {"200": {"content": content}}}}}))
    assert any(words in warning for warning in made.warnings)
    assert "GET /x" in made.files["index.md"]


def test_circles_of_every_kind_end() -> None:
    """Parameters, path items and allOf that hold themselves."""
    circle: Json = {"$ref": "#/components/schemas/A"}
    made = pages(
        document(
            paths={
                "/a": {"$ref": "#/paths/~1b"},
                "/b": {"$ref": "#/paths/~1a"},
                "/c": {"get": {"parameters": [{"$ref": "#/components/parameters/P"}]}},
            },
            components={
                "parameters": {"P": {"$ref": "#/components/parameters/P"}},
                "schemas": {
                    "A": {"allOf": [circle, circle], "properties": {"a": circle}},
                    "B": {"oneOf": [{"$ref": "#/components/schemas/C"}]},
                    "C": {"oneOf": [{"$ref": "#/components/schemas/B"}]},
                    "D": {"$ref": "#/components/schemas/D"},
                },
            },
        )
    )
    assert "## A { #schema-A }" in made.files["schemas.md"]


def test_a_schema_that_grows_is_bounded() -> None:
    """Each level holds the next one ten times over: 10^6 fields if all were shown."""
    schema: Json = {"type": "string"}
    for _ in range(6):
        schema = {"type": "object", "properties": {f"f{number}": schema for number in range(6)}}
    made = pages(document(paths={}, components={"schemas": {"Wide": schema}}))
    assert len(made.files["schemas.md"].splitlines()) < 1000


@pytest.mark.parametrize("keyword", ["allOf", "oneOf"])
def test_references_that_multiply_are_refused(keyword: str) -> None:
    """A few lines that stand for 30^6 schemas."""
    bomb: dict[str, Json] = {f"x{level}": {keyword: [{"$ref": f"#/x{level + 1}"}] * 30} for level in range(6)}
    made = pages(document(paths={}, components={"schemas": {"A": {"$ref": "#/x0"}}}, **bomb))
    assert "too often" in made.warnings[0]


def test_parts_of_the_wrong_kind_are_left_out() -> None:
    """What can be shown is shown."""
    wrong: Json = {
        "/a": "text",
        "/b": {"get": []},
        "/c": {"get": {"parameters": "x", "responses": [], "requestBody": 3, "tags": {"a": 1}, "security": "x"}},
    }
    made = pages(
        document(paths=wrong, servers="x", tags=[1], components={"schemas": {"S": 5, "T": {"properties": []}}})
    )
    assert "GET /c" in made.files["index.md"]
    assert "## S { #schema-S }" in made.files["schemas.md"]


def test_hostile_words_stay_words() -> None:
    """In every place that takes text."""
    evil = '<script>alert(1)</script>\n\n--8<-- "/etc/passwd"\n\n{% dot x.svg\n%}|`'
    made = pages(
        document(
            info={"title": evil, "version": evil, "description": evil},
            servers=[{"url": evil, "description": evil}],
            tags=[{"name": evil, "description": evil}],
            paths={
                evil: {
                    "get": {
                        "tags": [evil],
                        "summary": evil,
                        "description": evil,
                        "operationId": evil,
                        "parameters": [{"name": evil, "in": evil, "description": evil, "schema": {"type": evil}}],
                        "requestBody": {"description": evil, "content": {evil: {"schema": {"description": evil}}}},
                        "responses": {evil: {"description": evil, "headers": {evil: {"description": evil}}}},
                        "security": [{evil: [evil]}],
                    }
                }
            },
            components={
                "schemas": {evil: {"description": evil, "enum": [evil], "default": evil, "pattern": evil}},
                "securitySchemes": {evil: {"type": evil, "description": evil}},
            },
        )
    )
    for name, text in made.files.items():
        outside_examples = "".join(part for index, part in enumerate(text.split("```")) if index % 2 == 0)
        assert "<script" not in outside_examples
        assert "{%" not in outside_examples
        assert "8<" not in outside_examples
        assert name.replace("-", "").replace(".", "").isalnum()


def test_json_with_tabs_is_read_too() -> None:
    """YAML would refuse it."""
    assert "# T" in pages(document().replace(b"{", b"{\n\t")).files["index.md"]
