"""Backstage's tokens at the door of a hosted plugin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from foundation.settings import BackstageSettings, Settings
from foundation.web import Plugin, RegistryAction, caller, host

SPECIFICATION = """
openapi: 3.0.3
info: {title: Who, version: "1"}
paths:
  /v1/me:
    get: &operation
      operationId: who
      responses: {"200": {description: Me, content: {application/json: {schema: {type: object}}}}}
    post: {operationId: say, responses: {"200": {description: Me, content: {application/json: {schema: {type: object}}}}}}
"""


def who() -> dict[str, object]:
    me = caller()
    return {"subject": me.subject, "kind": me.kind, "user": me.user_ref}


ACTION = RegistryAction(
    name="ask",
    title="Ask",
    description="Says who asks.",
    input={"type": "object"},
    output={"type": "object"},
    invoke=lambda _given, who: {"user": who.user_ref},
)


@pytest.fixture
def client(tmp_path: Path, backstage: BackstageSettings) -> Iterator[TestClient]:
    specification = tmp_path / "openapi.yaml"
    specification.write_text(SPECIFICATION)
    operations = {"who": who, "say": who}
    plugins = [Plugin(name, specification, operations, actions=[ACTION]) for name in ("live", "docs")]
    with TestClient(host(plugins, Settings(backstage=backstage)), raise_server_exceptions=False) as in_process:
        yield in_process


def test_a_plugin_for_a_person(client: TestClient, issuer: Any) -> None:
    """The handler knows the plugin and the person."""
    headers = {"Authorization": f"Bearer {issuer.plugin(obo=issuer.limited())}"}
    answer = client.get("/api/live/v1/me", headers=headers)
    assert answer.json() == {"subject": "plugin:catalog", "kind": "service", "user": "user:default/ann"}


def test_each_plugin_is_its_own_audience(client: TestClient, issuer: Any) -> None:
    """A token for `live` opens nothing of `docs`, though one process serves both."""
    headers = {"Authorization": f"Bearer {issuer.plugin(aud='live')}"}
    assert client.get("/api/live/v1/me", headers=headers).status_code == 200
    assert client.get("/api/docs/v1/me", headers=headers).status_code == 401


def test_a_limited_token_reads_alone(client: TestClient, issuer: Any) -> None:
    """What lies in a cookie of the browser changes nothing here."""
    headers = {"Authorization": f"Bearer {issuer.limited()}"}
    assert client.get("/api/live/v1/me", headers=headers).status_code == 200
    assert client.post("/api/live/v1/me", headers=headers).status_code == 403


def test_a_person_may_ask_an_action(client: TestClient, issuer: Any) -> None:
    """Pages of the portal do, with the token of whoever looks at them, and not with the form of it that a cookie has."""
    address = "/api/live/.backstage/actions/v1/actions/live%3Aask/invoke"
    answer = client.post(address, json={}, headers={"Authorization": f"Bearer {issuer.user()}"})
    assert answer.json() == {"output": {"user": "user:default/ann"}}
    assert client.post(address, json={}, headers={"Authorization": f"Bearer {issuer.limited()}"}).status_code == 403
    assert client.post(address, json={}).status_code == 401


def test_plugins_share_the_keys(client: TestClient, issuer: Any, stranger: Any, key_server: Any) -> None:
    """However many plugins are asked with however many bad tokens, Backstage is asked once."""
    for plugin in ("live", "docs") * 20:
        headers = {"Authorization": f"Bearer {stranger.user()}"}
        assert client.get(f"/api/{plugin}/v1/me", headers=headers).status_code == 401
    assert len(key_server.asked) == 1


def test_tokens_stay_out_of_the_log(
    client: TestClient, issuer: Any, stranger: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither good ones nor bad ones are written down, nor any part that could be used."""
    tokens = [issuer.user(), stranger.user(), issuer.plugin(aud="docs")]
    for token in tokens:
        client.get("/api/live/v1/me", headers={"Authorization": f"Bearer {token}"})
    written = "".join(capfd.readouterr())
    assert "request" in written
    assert not any(part in written for token in tokens for part in token.split(".")[1:])
