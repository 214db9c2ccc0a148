"""What the platform relies on in a run."""

from __future__ import annotations

import json

import pytest

from job.__main__ import main
from job.settings import Settings


def fail(_: Settings) -> None:
    raise ValueError("no")


def test_a_run_that_is_done_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    """And says where it was; each line of its log is an object that belongs to its trace."""
    assert main({"ENVIRONMENT": "staging"}) == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert lines[0]["message"] == "The run begins"
    assert lines[-1]["message"] == "The run is done"
    assert len({line["trace_id"] for line in lines}) == 1
    assert any("staging" in line["message"] for line in lines)


def test_a_run_that_failed_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    """So that it is tried again, and its log says why."""
    assert main({}, fail) == 1
    last = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert last["level"] == "error"
    assert "ValueError: no" in last["exception"]


def test_logs_are_text_where_people_read_them(capsys: pytest.CaptureFixture[str]) -> None:
    """In a terminal."""
    assert main({"LOG_FORMAT": "text"}) == 0
    assert "INFO:job.__main__:The run is done" in capsys.readouterr().err.splitlines()
