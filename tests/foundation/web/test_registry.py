"""The actions registry, as Backstage's `DefaultActionsService` calls it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

BASE = "/api/things/.backstage/actions"
GREET = "actions/things%3Agreet/invoke"


def error(answer: Any, status: int) -> dict[str, str]:
    """The error as `ResponseError.fromResponse` finds it: JSON by that very name, `error` and `response` inside."""
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("application/json")
    body = answer.json()
    assert body["response"] == {"statusCode": status}
    named: dict[str, str] = body["error"]
    return named


def test_listing(client: TestClient) -> None:
    """Everything that the scaffolder and the MCP plugin read of an action."""
    assert client.get(f"{BASE}/v1/actions").json() == {
        "actions": [
            {
                "id": "things:greet",
                "name": "greet",
                "title": "Greet",
                "description": "Says hello.",
                "pluginId": "things",
                "attributes": {"readOnly": True, "destructive": False, "idempotent": True},
                "schema": {
                    "input": {
                        "type": "object",
                        "properties": {"name": {"type": "string"}, "times": {"type": "integer"}},
                        "required": ["name"],
                        "additionalProperties": False,
                    },
                    "output": {
                        "type": "object",
                        "properties": {"greeting": {"type": "string"}},
                        "required": ["greeting"],
                    },
                },
                "examples": [{"title": "Greet Ann", "input": {"name": "Ann"}}],
            }
        ]
    }


@pytest.mark.parametrize(
    ("version", "body"), [("v1", {"name": "Ann"}), ("v2", {"input": {"name": "Ann"}, "secrets": {"a": "b"}})]
)
def test_invoke(client: TestClient, version: str, body: dict[str, object]) -> None:
    """Both versions give the output, and the action knows its caller."""
    answer = client.post(f"{BASE}/{version}/{GREET}", json=body)
    assert (answer.status_code, answer.json()) == (200, {"output": {"greeting": "Hello Ann, says cli"}})


def test_every_fault_of_the_input_is_named(client: TestClient) -> None:
    """One message has them all."""
    named = error(client.post(f"{BASE}/v1/{GREET}", json={"times": "often", "loud": True}), 400)
    assert named["name"] == "InputError"
    assert all(part in named["message"] for part in ("'name' is a required property", "times", "loud"))


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"{", b"1", b"[" * 20_000])
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_input_that_is_none(client: TestClient, version: str, content: bytes) -> None:
    """Whatever is sent is answered in the form that Backstage reads."""
    answer = client.post(f"{BASE}/{version}/{GREET}", content=content, headers={"Content-Type": "application/json"})
    assert error(answer, 400)["name"] == "InputError"


def test_other_content_types(client: TestClient) -> None:
    """An input is JSON."""
    error(client.post(f"{BASE}/v1/{GREET}", content=b"x", headers={"Content-Type": "text/plain"}), 415)


def test_an_error_of_the_action(client: TestClient) -> None:
    """The action's own error passes through."""
    named = error(client.post(f"{BASE}/v1/{GREET}", json={"name": "nobody"}), 409)
    assert named == {"name": "ConflictError", "message": "Nobody is not greeted."}


def test_problems_of_a_document(client: TestClient) -> None:
    """Beside what Backstage reads, each finding with its place, for pages that lead to the line."""
    answer = client.post(f"{BASE}/v1/{GREET}", json={"name": "misspelt"})
    assert error(answer, 400) == {"name": "InputError", "message": "The name is wrong."}
    (problem,) = answer.json()["problems"]
    assert (problem["file"], problem["line"], problem["column"]) == ("names.yaml", 3, 7)
    assert (problem["message"], problem["remedy"]) == ("Not a name.", "Write another.")


def test_output_that_breaks_the_promise(client: TestClient) -> None:
    """Output is checked too: a template goes on with it."""
    assert error(client.post(f"{BASE}/v1/{GREET}", json={"name": "wrong"}), 500)["name"] == "Error"


@pytest.mark.parametrize("path", ["v1/actions/things%3Aother/invoke", "v3/actions", "v1", "v1/actions/a/b/invoke"])
def test_unknown_actions(client: TestClient, path: str) -> None:
    """What is not there is 404 in Backstage's form."""
    assert error(client.post(f"{BASE}/{path}", json={}), 404)["name"] == "NotFoundError"


def test_wrong_methods(client: TestClient) -> None:
    """405 names the right one."""
    assert client.post(f"{BASE}/v1/actions").headers["allow"] == "GET"
    assert client.get(f"{BASE}/v1/{GREET}").headers["allow"] == "POST"


def test_the_body_is_bounded(client: TestClient) -> None:
    """As everywhere."""
    error(
        client.post(
            f"{BASE}/v1/{GREET}",
            content=json.dumps({"name": "x" * 200_000}),
            headers={"Content-Type": "application/json"},
        ),
        413,
    )
