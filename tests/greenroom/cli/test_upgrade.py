"""`greenroom service upgrade` against a running platform."""

from __future__ import annotations

import json

from tests.greenroom.cli.conftest import Greenroom


def test_a_release_is_proposed_once_and_shown_first(greenroom: Greenroom) -> None:
    """A dry run tells what the proposal says; the same proposal is found again; the service's own branch stays."""
    shown = greenroom("service", "upgrade", "order-api", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "Release 2026.11 would be proposed on greenroom/release-2026.11" in shown.stdout
    assert "Move order-api to release 2026.11 of the platform" in shown.stderr
    first = greenroom("service", "upgrade", "order-api", "--output", "json")
    again = greenroom("service", "upgrade", "commerce/order-api", "--output", "json")
    assert json.loads(first.stdout)["changed"]
    assert json.loads(again.stdout) == json.loads(first.stdout)


def test_what_is_not_there_is_one_sentence(greenroom: Greenroom) -> None:
    """A service, a repository and a release that nobody made."""
    for arguments, expected in (
        (("nothing",), "nothing"),
        (("commerce/nothing",), "There is no repository commerce/nothing"),
        (("order-api", "--to", "2027.01"), 'There is no release "2027.01" of the platform.'),
    ):
        done = greenroom("service", "upgrade", *arguments)
        assert done.returncode == 1
        assert expected in done.stderr
        assert "Traceback" not in done.stderr
