"""What the platform relies on: health, metrics, logs, settings and the documents beside the code."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import yaml
from fastapi.testclient import TestClient

from service.logs import JsonFormatter
from service.settings import load_settings
from service.specification import specification

ROOT = Path(__file__).parent.parent


def test_says_that_it_is_well(client: TestClient) -> None:
    """The platform sends requests to pods that answer 200 here."""
    document = yaml.safe_load((ROOT / "service.yaml").read_text(encoding="utf-8"))
    answer = client.get(document["spec"]["probes"]["path"])
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok"}


def test_offers_what_alerts_are_made_of(client: TestClient) -> None:
    """Each request by its route and status, under the name that OpenTelemetry gives it; not those of the platform."""
    client.get("/v1/greetings/Ada")
    client.get("/healthz")
    metrics = client.get("/metrics").text
    count = "http_server_request_duration_seconds_count"
    counted = [line for line in metrics.splitlines() if line.startswith(count)]
    assert len(counted) == 1
    assert 'http_route="/v1/greetings/{person}"' in counted[0]
    assert 'http_response_status_code="200"' in counted[0]
    # The bound of the objective in service.yaml.
    assert 'le="0.5"' in metrics
    assert "python_info" in metrics


def test_listens_where_the_platform_says() -> None:
    """The port comes from the environment."""
    settings = load_settings({"PORT": "9000", "ENVIRONMENT": "staging", "LOG_FORMAT": "text"})
    assert (settings.port, settings.environment, settings.log_format) == (9000, "staging", "text")


def test_logs_are_json_with_the_exception() -> None:
    """One object a record, whatever went wrong."""
    try:
        raise ValueError("no")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    entry = json.loads(JsonFormatter().format(record))
    assert (entry["level"], entry["message"]) == ("error", "failed")
    assert "ValueError: no" in entry["exception"]


def test_the_api_document_follows_the_code() -> None:
    """`make openapi` brings it up to date."""
    kept = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
    made = yaml.safe_load(specification())
    # Frameworks word their own schemas differently from version to version; the endpoints are ours.
    assert kept["paths"].keys() == made["paths"].keys()
    for path, operations in kept["paths"].items():
        assert operations.keys() == made["paths"][path].keys()
        for method, operation in operations.items():
            assert operation["operationId"] == made["paths"][path][method]["operationId"]
