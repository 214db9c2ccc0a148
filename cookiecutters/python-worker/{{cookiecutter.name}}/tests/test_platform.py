"""What the platform relies on: settings, logs and the document."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import yaml

from worker.alive import LONGEST
from worker.logs import JsonFormatter
from worker.settings import load_settings

ROOT = Path(__file__).parent.parent


def test_takes_from_the_queue_that_the_platform_names() -> None:
    """Its address is known only once it is made."""
    settings = load_settings({"QUEUE_URL": "https://sqs/1/work", "ENVIRONMENT": "staging"})
    assert (settings.queue_url, settings.environment) == ("https://sqs/1/work", "staging")


def test_a_message_is_hidden_for_as_long_as_the_worker_may_be_silent() -> None:
    """Or two would work on it, while the first is not taken for dead."""
    document = yaml.safe_load((ROOT / "service.yaml").read_text(encoding="utf-8"))
    queue = document["spec"]["dependencies"][0]
    assert queue["visibilitySeconds"] == LONGEST


def test_logs_are_json_with_the_exception() -> None:
    """One object a record, whatever went wrong."""
    try:
        raise ValueError("no")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    entry = json.loads(JsonFormatter().format(record))
    assert (entry["level"], entry["message"]) == ("error", "failed")
    assert "ValueError: no" in entry["exception"]
