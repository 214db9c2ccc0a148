"""Where the local platform keeps its things."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenroom.local.credentials import ensure_credentials
from greenroom.local.errors import LocalPlatformError
from greenroom.local.layout import find_layout, remember_ports


def test_ports_are_moved_and_remembered(tmp_path: Path) -> None:
    """Commands in other terminals find the platform where it was moved to."""
    environ = {"GREENROOM_HOME": str(tmp_path)}
    moved = find_layout({**environ, "GREENROOM_LOCAL_PORTS": "portal=3001,server=7200"})
    assert (moved.ports.portal, moved.ports.server, moved.ports.git) == (3001, 7200, 7114)
    remember_ports(moved)
    assert find_layout(environ).ports == moved.ports


@pytest.mark.parametrize("text", ["portal", "door=1", "portal=x"])
def test_a_wrong_port_is_refused_with_an_example(tmp_path: Path, text: str) -> None:
    """The error says how it is written."""
    with pytest.raises(LocalPlatformError, match=r"portal=3001"):
        find_layout({"GREENROOM_HOME": str(tmp_path), "GREENROOM_LOCAL_PORTS": text})


def test_credentials_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    """A restart keeps them; nobody else on the machine can read them."""
    layout = find_layout({"GREENROOM_HOME": str(tmp_path)})
    first = ensure_credentials(layout)
    assert ensure_credentials(layout) == first
    for file in (first.token_file, first.postgres_file, layout.credentials):
        assert file.stat().st_mode & 0o077 == 0
