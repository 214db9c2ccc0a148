"""Decision records in the forms that people use."""

from __future__ import annotations

import pytest

from techdocs.decisions import Decision, in_order, overview, read_decision, section

FORMS = {
    "MADR 2": "# Use PostgreSQL\n\n* Status: accepted\n* Deciders: Ada\n* Date: 2024-01-02\n\n## Context\n",
    "MADR 3": "---\nstatus: accepted\ndate: 2024-01-02\n---\n# Use PostgreSQL\n",
    "MADR 3 with quotes": '---\nstatus: "accepted"\ndate: "2024-01-02"\n---\n\n# Use PostgreSQL #\n',
    "Nygard": "# 1. Use PostgreSQL\n\nDate: 2024-01-02\n\n## Status\n\nAccepted\n\n## Context\n\nStatus: of nothing\n",
    "on one line": "# 1. Use PostgreSQL\n\nStatus: accepted · 2024-01-02\n",
    "in brackets": "# Use PostgreSQL\n\n- Status: accepted (2024-01-02)\n",
    "numbered": "# ADR-0001: Use PostgreSQL\n\n- **Status:** accepted\n- **Date**: 2024-01-02\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_every_form_says_the_same(text: str) -> None:
    """Title without its number, status, date."""
    decision = read_decision("0001-use-postgresql.md", text)
    assert decision is not None
    said = (decision.number, decision.title, decision.status.lower(), decision.date)
    assert said == ("0001", "Use PostgreSQL", "accepted", "2024-01-02")


def test_links_in_a_status_are_their_text() -> None:
    """A "superseded by" usually links to the other record."""
    text = "# A\n\n* Status: superseded by [0005](0005-b.md)\n"
    decision = read_decision("0001-a.md", text)
    assert decision is not None
    assert decision.status == "superseded by 0005"


def test_a_record_without_a_title_has_that_of_its_file() -> None:
    """And says nothing of what it does not say. Broken front matter is none."""
    for text in ("", "text", "---\nstatus: [\n---\n"):
        assert read_decision("0007-keep-it-simple.md", text) == Decision(
            "0007-keep-it-simple.md", "0007", "Keep it simple"
        )


@pytest.mark.parametrize("name", ["template.md", "README.md", "1-x.md", "0001.md", "0001-x.txt"])
def test_other_files_are_no_records(name: str) -> None:
    """Backstage's own plugin goes by the same name."""
    assert read_decision(name, "# X") is None


def test_the_overview_is_in_order_and_inert() -> None:
    """Number, title, status and date; a title with markup shows as it is written."""
    records = in_order(
        [Decision("0002-b.md", "0002", "B | <b>", "accepted"), Decision("0001-a (x).md", "0001", "A", "", "2024-01-02")]
    )
    table = overview(records).splitlines()[4:]
    assert table == [
        "| 0001 | [A](0001-a%20%28x%29.md) | &nbsp; | 2024-01-02 |",
        "| 0002 | [B &#124; &#60;b&#62;](0002-b.md) | accepted | &nbsp; |",
    ]
    assert section("decisions", "index.md", records[1:]) == {
        "Decisions": [{"Overview": "decisions/index.md"}, {"0002 B | <b>": "decisions/0002-b.md"}]
    }
