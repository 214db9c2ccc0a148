from __future__ import annotations

from pathlib import Path

from foundation.health.reference import reference_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "health-rules.md"


def test_the_page_says_what_the_tables_say() -> None:
    """`python -m foundation.health.reference` writes it anew after a change of the rules."""
    assert PAGE.read_text(encoding="utf-8") == reference_page()
