"""One log stream, structured, with ids and without secrets."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from foundation.logging import configure_logging, redact_text
from foundation.settings import Secret

JSON_WEB_TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c2VyOmRlZmF1bHQvYW5uIn0.c2lnbmF0dXJlLWlzLWhlcmU"


class Written:
    """What was written to standard error since it was last asked."""

    def __init__(self, captured: pytest.CaptureFixture[str]) -> None:
        self._captured = captured

    def text(self) -> str:
        return self._captured.readouterr().err

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text().splitlines()]


@pytest.fixture
def written(capsys: pytest.CaptureFixture[str]) -> Iterator[Written]:
    """The log; logging is put back as it was at the end."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield Written(capsys)
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def fail(error: Exception) -> None:
    raise error


def test_all_goes_one_way(written: Written) -> None:
    """Structlog's lines and those of libraries and servers have one form, with what is bound."""
    logging.getLogger("gunicorn.error").addHandler(logging.StreamHandler())
    configure_logging("info")
    with structlog.contextvars.bound_contextvars(request_id="r-1"):
        structlog.get_logger("live").info("served", entities=3)
        logging.getLogger("gunicorn.error").warning("worker %s", 7)
        logging.getLogger("dbos").warning("recovering", extra={"runs": 2})
    found = written.lines()
    assert [line["event"] for line in found] == ["served", "worker 7", "recovering"]
    assert {line["request_id"] for line in found} == {"r-1"}
    assert [line["logger"] for line in found] == ["live", "gunicorn.error", "dbos"]
    assert (found[0]["entities"], found[2]["runs"]) == (3, 2)
    assert all(line["timestamp"].endswith("Z") for line in found)


def test_the_level(written: Written) -> None:
    """What is below it is not written, whoever says it."""
    configure_logging("warning")
    structlog.get_logger("live").info("quiet")
    logging.getLogger("anything").info("quiet")
    structlog.get_logger("live").warning("loud")
    assert [line["event"] for line in written.lines()] == ["loud"]


@pytest.mark.parametrize("as_json", [True, False])
def test_secrets_are_hidden(written: Written, as_json: bool) -> None:
    """By their name, by their form and by their type, at any depth, in messages, values and exceptions."""
    configure_logging("info", json=as_json)
    log = structlog.get_logger("live")
    log.info(
        "a",
        password="hunter2",
        headers={"Authorization": "hunter2", "Set-Cookie": ["hunter2"]},
        token=Secret("hunter2"),
    )
    log.info("b", address="postgresql://greenroom:hunter2@db/x", deep=[{"x": [{"api_key": "hunter2"}]}])
    logging.getLogger("kubernetes").warning("sent Bearer %s", "hunter2hunter2")
    logging.getLogger("hvac").warning("got %s and %s", JSON_WEB_TOKEN, "hvs.hunter2hunter2hunter2hunter2")
    try:
        fail(ValueError("cannot reach https://ann:hunter2@git/x"))
    except ValueError:
        log.exception("c", secret_thing=("hunter2",))
    text = written.text()
    assert "hunter2" not in text
    assert "c2lnbmF0dXJl" not in text
    assert "cannot reach https://***@git/x" in text


def test_exceptions_are_structured(written: Written) -> None:
    """Type, message and frames, without the values of variables: they hold what callers sent."""
    configure_logging("info")
    try:
        sent_by_a_caller = "private"
        fail(KeyError(len(sent_by_a_caller)))
    except KeyError:
        structlog.get_logger("live").exception("failed")
    text = written.text()
    line = json.loads(text)
    assert line["exception"][0]["exc_type"] == "KeyError"
    assert line["exception"][0]["frames"][0]["name"] == "test_exceptions_are_structured"
    assert "private" not in text


def test_what_cannot_be_json(written: Written) -> None:
    """Nothing that is logged makes logging fail."""
    configure_logging("info")
    loop: dict[str, object] = {}
    loop["self"] = loop
    structlog.get_logger("live").info("strange", loop=loop, thing=object(), bytes=b"\xff", keys={1: {2}})
    assert written.lines()[0]["keys"] == {"1": [2]}


@pytest.mark.parametrize(
    "text", ["order-api is Degraded", "a bearer of bad news", "https://git/x", "s.o.s", "bearer x", "eyJust a name"]
)
def test_ordinary_words_stay(text: str) -> None:
    """What is no secret is readable."""
    assert redact_text(text) == text
