"""What callers of the API can rely on."""

from __future__ import annotations

from fastapi.testclient import TestClient


def test_greets_by_name(client: TestClient) -> None:
    """The name is in the message as it was sent."""
    answer = client.get("/v1/greetings/Ada")
    assert answer.status_code == 200
    assert answer.json() == {"message": "Hello, Ada!"}


def test_refuses_names_without_end(client: TestClient) -> None:
    """A name has at most 100 characters."""
    assert client.get(f"/v1/greetings/{'a' * 101}").status_code == 422
