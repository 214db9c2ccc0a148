"""The reference of actions is the actions'."""

from __future__ import annotations

from pathlib import Path

from scaffolder_actions.actions.reference import actions_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "actions.md"


def test_the_page_is_current() -> None:
    """Made anew, the page is the one that stands; the command to make it is on it."""
    assert PAGE.read_text() == actions_page()
