from __future__ import annotations

import json

import pytest

from catalog_provider.cluster.protocol import (
    Bookmark,
    Failure,
    Removed,
    Torn,
    Unknown,
    Upserted,
    WatchEvent,
    parse_event,
)

POD = {"metadata": {"name": "a", "resourceVersion": "7"}}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({"type": "ADDED", "object": POD}, Upserted(POD, "7")),
        ({"type": "MODIFIED", "object": POD}, Upserted(POD, "7")),
        ({"type": "DELETED", "object": POD}, Removed(POD, "7")),
        ({"type": "BOOKMARK", "object": {"metadata": {"resourceVersion": "9"}}}, Bookmark("9")),
        ({"type": "ERROR", "object": {"code": 410}}, Failure({"code": 410})),
        ({"type": "SURPRISE", "object": POD}, Unknown("SURPRISE")),
        ({"type": "ADDED", "object": {"metadata": {"name": "a"}}}, Torn()),
        ({"type": "DELETED", "object": {}}, Torn()),
        ({"type": "BOOKMARK", "object": {}}, Torn()),
        ({"type": "ADDED"}, Torn()),
        ({"object": POD}, Torn()),
        ([], Torn()),
        (None, Torn()),
    ],
)
def test_each_line_is_one_event(event: object, expected: WatchEvent) -> None:
    """A type is known, unknown, or the line is no event; none is guessed at."""
    assert parse_event(json.dumps(event).encode()) == expected


@pytest.mark.parametrize("line", [b'{"type": "ADD', b"\xff\xfe", b"<html>", b"[" * 100_000])
def test_what_is_not_json_is_torn(line: bytes) -> None:
    """Half a line, a proxy's page and nonsense never raise."""
    assert parse_event(line) == Torn()
