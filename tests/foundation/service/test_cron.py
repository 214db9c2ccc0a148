"""Schedules that Kubernetes takes, and those that it refuses."""

from __future__ import annotations

import pytest

from foundation.service.cron import cron_fault


@pytest.mark.parametrize(
    "text",
    ["* * * * *", "*/5 0-6 1,15 * mon-fri", "0 3 1 jan,JUL 0", "59 23 31 12 6", "0-59/10 * * * *", "5/15 * * * *"],
)
def test_takes(text: str) -> None:
    """What robfig/cron parses."""
    assert cron_fault(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* * * *", "it has 4 fields"),
        ("60 * * * *", '"60" is no minute (0 to 59)'),
        ("* 24 * * *", '"24" is no hour (0 to 23)'),
        ("* * 0 * *", '"0" is no day of the month (1 to 31)'),
        ("* * * 13 *", '"13" is no month (1 to 12)'),
        ("* * * * 7", '"7" is no day of the week (0 to 6)'),
        ("*/0 * * * *", '"*/0" is no minute (0 to 59)'),
        ("9-3 * * * *", '"9-3" is no minute (0 to 59)'),
        ("1,,2 * * * *", '"" is no minute (0 to 59)'),
        ("mon * * * *", '"mon" is no minute (0 to 59)'),
        ("@daily", "it has 1 fields"),
    ],
)
def test_refuses(text: str, expected: str) -> None:
    """With the field that is wrong and its range."""
    assert cron_fault(text) == expected
