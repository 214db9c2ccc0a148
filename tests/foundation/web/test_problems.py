"""Every error has one form, and says what to do without saying what is inside."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from starlette.testclient import TestClient


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem in an answer, checked for what all of them have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert document["status"] == status == document["response"]["statusCode"]
    assert document["requestId"] == answer.headers["x-request-id"]
    assert document["instance"] == answer.url.path
    assert document["title"]
    assert document["type"]
    assert document["detail"] in document["error"]["message"]
    return document


def test_an_error_for_users(client: TestClient) -> None:
    """Detail, remedy and each problem with its place, and Backstage's own error inside."""
    document = problem(client.get("/api/things/v1/failures/input"), 400)
    assert document["detail"] == "The document is wrong."
    assert document["remedy"] == "See the problems."
    assert document["problems"] == [
        {"file": "service.yaml", "line": 3, "column": 7, "message": "is wrong.", "remedy": "Mend it.", "page": ""}
    ]
    assert document["error"] == {"name": "InputError", "message": "The document is wrong. See the problems."}


def test_an_error_without_remedy(client: TestClient) -> None:
    """What is not known is left out."""
    document = problem(client.get("/api/things/v1/failures/conflict"), 409)
    assert document["error"]["name"] == "ConflictError"
    assert "remedy" not in document
    assert "problems" not in document


def test_an_unexpected_error(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """The caller learns nothing of the inside but the id under which the log has it."""
    answer = client.get("/api/things/v1/failures/surprise")
    document = problem(answer, 500)
    assert document["error"]["name"] == "Error"
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("path", ["/", "/api", "/api/things", "/api/nothing/v1/x", "/favicon.ico"])
def test_unknown_places(client: TestClient, path: str) -> None:
    """What is not there is 404."""
    assert problem(client.get(path), 404)["error"]["name"] == "NotFoundError"


@pytest.mark.parametrize(
    "path", ["/api/things/v1/nothing", "/api/things/v1/things/", "/api/things/v1/things/x/", "/api/things//v1/things"]
)
def test_unknown_operations(client: TestClient, path: str) -> None:
    """A path that is nearly right is 404 and no redirect."""
    problem(client.get(path, follow_redirects=False), 404)


def test_wrong_method(client: TestClient) -> None:
    """405 says which methods there are."""
    answer = client.delete("/api/things/v1/things/x")
    assert "GET" in problem(answer, 405)["detail"]
    assert "GET" in answer.headers["allow"]
    assert client.post("/api/things/v1/ticks/x").headers["allow"] == "GET"


def test_every_fault_of_a_body_is_named(client: TestClient) -> None:
    """A document is mended in one go."""
    answer = client.post("/api/things/v1/things", json={"size": "big", "colour": "red"})
    detail = problem(answer, 400)["detail"]
    assert "'name' is a required property" in detail
    assert "size: 'big' is not of type 'integer'" in detail
    assert "colour" in detail


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=9", "limit"),
        ("limit=x", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("limit=1e400", "limit"),
        ("share=x", "share"),
        ("unknown=1", "unknown"),
        ("entityRef=a&entityRef=b&entityRef=c&entityRef=d", "entityRef"),
    ],
)
def test_wrong_parameters(client: TestClient, query: str, named: str) -> None:
    """A wrong parameter is named, in one line."""
    detail = problem(client.get(f"/api/things/v1/things/x?{query}"), 400)["detail"]
    assert named in detail
    assert "\n" not in detail
    assert len(detail) < 500


def test_huge_number_in_a_path(client: TestClient) -> None:
    """Python reads no integer of 5,000 digits; the caller is told, not surprised."""
    assert client.get(f"/api/things/v1/numbers/{'9' * 5000}").status_code in (400, 404)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "not JSON"),
        (b"", "body"),
        (b"null", "body"),
        (b"\xff\xfe{}", "UTF-8"),
        (b'{"name": "\x00"}', "not JSON"),
        (b'{"name": "\\u0000", "size": 1}', "NUL"),
        (b'{"name": "\\ud800", "size": 1}', "surrogate"),
        (b'{"\\ud800": 1, "size": 1}', "surrogate"),
        (b'{"name": "x", "size": NaN}', "NaN"),
        (b'{"name": "x", "size": -Infinity}', "Infinity"),
        (b'{"name": "x", "size": 1e400}', "large"),
        (b'{"name": "x", "size": ' + b"9" * 5000 + b"}", "number"),
        (b'{"name": "x", "size": 1, "more": ' + b"[" * 100 + b"]" * 100 + b"}", "deeper"),
        (b"[" * 45_000, "deeper"),
        (b'{"more":' * 10_000 + b"1" + b"}" * 10_000, "deeper"),
    ],
)
def test_hostile_json(client: TestClient, content: bytes, why: str) -> None:
    """What is not JSON, or breaks what reads it later, is the caller's fault and named so."""
    answer = client.post("/api/things/v1/things", content=content, headers={"Content-Type": "application/json"})
    assert why in problem(answer, 400)["detail"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "nonsense", "application/gzip", ";", "multipart/form-data"]
)
def test_unknown_content_types(client: TestClient, content_type: str) -> None:
    """A body in a form that the operation does not take is 415."""
    answer = client.post("/api/things/v1/things", content=b"{}", headers={"Content-Type": content_type})
    assert problem(answer, 415)["error"]["name"] == "UnsupportedMediaTypeError"


def test_a_strange_charset_changes_nothing(client: TestClient) -> None:
    """JSON is UTF-8 whatever is claimed (RFC 8259)."""
    headers = {"Content-Type": "application/json; charset=klingon"}
    body = json.dumps({"name": "x", "size": 1})
    assert client.post("/api/things/v1/things", content=body, headers=headers).status_code == 201


def test_a_content_type_without_a_body_is_no_matter(client: TestClient) -> None:
    """Clients send one with a GET, too."""
    assert client.get("/api/things/v1/things/x", headers={"Content-Type": "text/plain"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/things/v1/things/x?entityRef=%ff",
        "/api/things/v1/things/%ff",
        "/api/things/v1/things/%00",
        "/api/things/v1/things/x?entityRef=%00",
        "/api/things/v1/things/a%0d%0ab",
    ],
)
def test_paths_and_queries_that_are_no_text(client: TestClient, path: str) -> None:
    """Bad encodings and control characters go no further."""
    problem(client.get(path), 400)


def test_a_long_query(client: TestClient) -> None:
    """A query has a bound below that of the server."""
    problem(client.get("/api/things/v1/things/x?entityRef=" + "a" * 61_000), 400)


def test_errors_are_logged_by_whose_fault_they_are(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """A mistake of a caller is no error in the log of the server."""
    with caplog.at_level(logging.ERROR):
        client.get("/api/things/v1/failures/input")
    assert not caplog.records
