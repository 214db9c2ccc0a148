"""What a plugin's handlers get and give, through all layers."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from foundation.errors import AuthenticationError
from foundation.settings import Settings
from foundation.web import Plugin, caller, host
from foundation.web.specification import SpecificationError


def test_parameters_and_caller_reach_the_handler(client: TestClient) -> None:
    """Names come in snake case, lists and defaults as the document says, and the caller is known in the thread."""
    answer = client.get("/api/things/v1/things/x?entityRef=a&entityRef=b")
    assert answer.status_code == 200
    assert answer.json() == {"name": "x", "refs": ["a", "b"], "limit": 2, "share": 0, "caller": "cli"}


def test_status_and_headers_of_a_handler(client: TestClient) -> None:
    """A handler may give a status and headers beside its body."""
    answer = client.post("/api/things/v1/things", json={"name": "x", "size": 1})
    assert (answer.status_code, answer.json()) == (201, {"name": "x", "size": 1})
    assert answer.headers["location"] == "/v1/things/x"


def test_bytes_reach_the_handler(client: TestClient) -> None:
    """A body that is not JSON comes as bytes, with a length or in chunks."""
    headers = {"Content-Type": "application/gzip"}
    assert client.put("/api/things/v1/archives", content=b"x" * 70_000, headers=headers).json() == {"size": 70_000}
    chunks = iter([b"x" * 40_000, b"x" * 30_000])
    assert client.put("/api/things/v1/archives", content=chunks, headers=headers).json() == {"size": 70_000}


@pytest.mark.parametrize("form", ["bytes", "response"])
def test_bytes_reach_the_caller(client: TestClient, form: str) -> None:
    """Bytes come out as they went in, under the type of the document."""
    answer = client.get(f"/api/things/v1/archives/{form}")
    assert answer.content == bytes(range(256)) * 4000
    assert answer.headers["content-type"] == "application/gzip"


def test_json_in_chunks(client: TestClient) -> None:
    """A JSON body of unannounced length is checked as any other."""
    headers = {"Content-Type": "application/json"}
    chunks = iter([b'{"name": "x",', b'"size": 1}'])
    assert client.post("/api/things/v1/things", content=chunks, headers=headers).status_code == 201


def test_a_request_id_is_echoed(client: TestClient) -> None:
    """A sane id is kept, so that a caller finds its request in the log."""
    answer = client.get("/api/things/v1/things/x", headers={"X-Request-Id": "backstage-42"})
    assert answer.headers["x-request-id"] == "backstage-42"


@pytest.mark.parametrize("offered", ["", "a b", "x" * 200, 'x"\\', "abc"])
def test_an_insane_request_id_is_replaced(client: TestClient, offered: str) -> None:
    """What would spoil a log or a header is not taken over."""
    answer = client.get("/api/things/v1/things/x", headers={"X-Request-Id": offered})
    assert answer.headers["x-request-id"] != offered
    assert len(answer.headers["x-request-id"]) == 32


def test_the_document_is_served(client: TestClient) -> None:
    """The whole OpenAPI document, streams included, with the address it is served at."""
    document = client.get("/api/things/openapi.json").json()
    assert "/v1/ticks/{kind}" in document["paths"]
    assert document["servers"] == [{"url": "/api/things"}]


def test_there_is_no_caller_outside_of_a_request() -> None:
    """Nothing runs as nobody."""
    with pytest.raises(AuthenticationError):
        caller()


def test_plugin_and_document_must_agree(plugin: Plugin, settings: Settings) -> None:
    """Operations without handler, handlers without operation and undescribed streams are named, all at once."""
    operations = {**plugin.operations, "unheard_of": lambda: None}
    operations.pop("fail")
    streams = {**plugin.streams, "/v1/other": plugin.streams["/v1/ticks/{kind}"]}
    wrong = Plugin(plugin.id, plugin.specification, operations, streams)
    with pytest.raises(SpecificationError) as raised:
        host([wrong], settings)
    message = str(raised.value)
    assert "operation fail has no handler" in message
    assert "handler unheard_of has no operation" in message
    assert "stream /v1/other is not described" in message
