"""Whatever is sent, the answer is never a 5xx, and each error is a problem."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from starlette.testclient import TestClient

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PRINTABLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"), max_size=60)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
    max_leaves=20,
)


def check(answer: object) -> None:
    status: int = answer.status_code  # type: ignore[attr-defined]
    assert status < 500, answer.text  # type: ignore[attr-defined]
    if status >= 400:
        assert answer.json()["status"] == status  # type: ignore[attr-defined]


@FUZZ
@given(path=PRINTABLE, query=PRINTABLE)
def test_any_path_and_query(client: TestClient, path: str, query: str) -> None:
    """Raw characters, encodings good and bad, parameters known and unknown."""
    check(client.get(f"/api/things/v1/things/{path}?{query}"))


@FUZZ
@given(name=st.sampled_from(["entityRef", "limit", "share", "name"]), value=st.text(max_size=30))
def test_any_parameter(client: TestClient, name: str, value: str) -> None:
    """Any text as the value of a parameter."""
    check(client.get("/api/things/v1/things/x", params={name: value.encode("utf-8", "surrogatepass")}))


@FUZZ
@given(content=st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_body(client: TestClient, content: bytes) -> None:
    """Any bytes, and any JSON, as a body and as the input of an action."""
    headers = {"Content-Type": "application/json"}
    check(client.post("/api/things/v1/things", content=content, headers=headers))
    check(
        client.post("/api/things/.backstage/actions/v2/actions/things:greet/invoke", content=content, headers=headers)
    )


@FUZZ
@given(value=PRINTABLE)
def test_any_header(client: TestClient, value: str) -> None:
    """Any content type, and any event id."""
    headers = {"Content-Type": value, "Last-Event-ID": value, "X-Request-Id": value, "Origin": value}
    check(client.post("/api/things/v1/things", content=b"{}", headers=headers))
    check(client.get("/api/things/v1/ticks/one", headers=headers))
