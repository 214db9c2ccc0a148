"""Where the local platform keeps its things."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenroom.local.credentials import ensure_credentials, write_private
from greenroom.local.errors import LocalPlatformError
from greenroom.local.layout import find_layout, remember_ports


def test_ports_are_moved_and_remembered(tmp_path: Path) -> None:
    """Commands in other terminals find the platform where it was moved to."""
    environ = {"GREENROOM_HOME": str(tmp_path)}
    moved = find_layout({**environ, "GREENROOM_LOCAL_PORTS": "portal=3001,server=7200"})
    assert (moved.ports.portal, moved.ports.server, moved.ports.git) == (3001, 7200, 7114)
    remember_ports(moved)
    assert find_layout(environ).ports == moved.ports


@pytest.mark.parametrize("text", ["portal", "door=1", "portal=x", "portal=0", "portal=65536", "portal=²"])
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


@pytest.mark.parametrize("text", ["", '{"portal": 30', '{"door": 1}', '{"portal": "3000"}', "[]"])
def test_ports_that_cannot_be_read_are_one_clear_error(tmp_path: Path, text: str) -> None:
    """The error names the file and what to do; nothing is started at ports that nobody meant."""
    (tmp_path / "ports.json").write_text(text)
    with pytest.raises(LocalPlatformError, match=r"ports\.json cannot be read"):
        find_layout({"GREENROOM_HOME": str(tmp_path)})


def test_an_empty_secret_is_made_anew(tmp_path: Path) -> None:
    """A full disk may leave an empty file; an empty token would let anybody in."""
    layout = find_layout({"GREENROOM_HOME": str(tmp_path)})
    first = ensure_credentials(layout)
    first.token_file.write_text("")
    assert len(ensure_credentials(layout).token) >= 24


def test_a_scratch_file_that_was_left_does_not_open_a_secret(tmp_path: Path) -> None:
    """What a killed command left lying there keeps its mode until the next one takes it."""
    scratch = tmp_path / "token.new"
    scratch.write_text("half")
    scratch.chmod(0o644)
    write_private(tmp_path / "token", "a secret")
    assert (tmp_path / "token").stat().st_mode & 0o077 == 0
