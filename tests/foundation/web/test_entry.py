"""Who gets in and from where: tokens, probes, and calls from the app's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ORIGIN = "http://portal.example"
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "authorization",
}


@pytest.mark.parametrize(
    "path",
    [
        "/api/things/v1/things/x",
        "/api/things/v1/nothing",
        "/api/things/openapi.json",
        "/api/things/v1/ticks/x",
        "/api/things/.backstage/actions/v1/actions",
    ],
)
@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic eDp5", "Bearer x", "Bearer " + "x" * 30, "Bearer \xff"]
)
def test_nobody_gets_in_without_a_token(stranger: TestClient, path: str, header: str | None) -> None:
    """Not to operations, not to streams or actions, and not even to learn what is there."""
    headers = {} if header is None else {"Authorization": header.encode("latin-1")}
    answer = stranger.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["error"]["name"] == "AuthenticationError"


def test_two_tokens_are_one_too_many(stranger: TestClient) -> None:
    """Whoever stands between could read the one and we the other."""
    headers = [("Authorization", "Bearer a-static-token-of-some-length"), ("Authorization", "Bearer x")]
    assert stranger.get("/api/things/v1/things/x", headers=headers).status_code == 401


def test_probes_and_metrics_are_open(stranger: TestClient) -> None:
    """Kubernetes and Prometheus have no token."""
    assert stranger.get("/.backstage/health/v1/liveness").json() == {"status": "ok"}
    assert stranger.get("/.backstage/health/v1/readiness").json() == {"status": "ok"}
    assert "greenroom_http_requests_total" in stranger.get("/metrics").text


def test_metrics_name_templates_and_not_paths(client: TestClient) -> None:
    """As many time series as there are operations, whatever is asked for."""
    client.get("/api/things/v1/things/only-once")
    client.get("/api/things/v1/unknown-once")
    text = client.get("/metrics").text
    assert 'plugin="things",route="/v1/things/{name}",status="200"' in text
    assert "only-once" not in text
    assert "unknown-once" not in text


def test_an_unready_component_is_named(stranger: TestClient, things: object) -> None:
    """503 with each component and why, so that nobody has to look for it."""
    things.waiting["source git"] = "has not answered yet"  # type: ignore[attr-defined]
    answer = stranger.get("/.backstage/health/v1/readiness")
    assert answer.status_code == 503
    assert answer.json()["components"] == {"things": {"source git": "has not answered yet"}}


def test_a_readiness_check_that_fails(stranger: TestClient, things: object) -> None:
    """Not ready, and nothing of the inside is told to whoever asks."""
    things.waiting["broken"] = "very"  # type: ignore[attr-defined]
    answer = stranger.get("/.backstage/health/v1/readiness")
    assert answer.status_code == 503
    assert "secret" not in answer.text


def test_a_readiness_check_that_hangs(client: TestClient, things: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not ready, for no answer is no good answer; and asked again and again, it hangs but once."""
    monkeypatch.setattr("foundation.web.probes.PATIENCE", 0.01)
    things.may_answer.clear()  # type: ignore[attr-defined]
    for _ in range(20):
        answer = client.get("/.backstage/health/v1/readiness")
        assert (answer.status_code, "gave no answer" in answer.json()["message"]) == (503, True)
    things.may_answer.set()  # type: ignore[attr-defined]


def test_a_server_that_is_not_started_is_not_ready(hosted: object) -> None:
    """Before its plugins are started, nothing is asked of it."""
    from starlette.testclient import TestClient

    answer = TestClient(hosted).get("/.backstage/health/v1/readiness")  # type: ignore[arg-type]
    assert (answer.status_code, answer.json()["message"]) == (503, "The server is starting.")


def test_preflight_needs_no_token(stranger: TestClient) -> None:
    """A browser asks without one, whether it may send one."""
    answer = stranger.options("/api/things/v1/things", headers=PREFLIGHT)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "authorization" in answer.headers["access-control-allow-headers"].lower()
    assert "PUT" in answer.headers["access-control-allow-methods"]


def test_other_origins_are_refused(stranger: TestClient) -> None:
    """Another site's page may not call with what its visitor has."""
    answer = stranger.options("/api/things/v1/things", headers={**PREFLIGHT, "Origin": "http://evil.example"})
    assert answer.status_code == 400
    assert "access-control-allow-origin" not in answer.headers


def test_errors_can_be_read_by_the_page(stranger: TestClient) -> None:
    """An error without these headers is a `Failed to fetch` and nothing else."""
    answer = stranger.get("/api/things/v1/things/x", headers={"Origin": ORIGIN})
    assert answer.status_code == 401
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "X-Request-Id" in answer.headers["access-control-expose-headers"]
