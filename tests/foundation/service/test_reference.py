"""The reference page in the documentation."""

from __future__ import annotations

from pathlib import Path

from foundation.service.reference import reference_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "service-document.md"


def test_the_page_says_what_the_schema_says() -> None:
    """`python -m foundation.service.reference` writes it anew after a change of the schema or the sizes."""
    assert PAGE.read_text(encoding="utf-8") == reference_page()


def test_the_page_names_every_level() -> None:
    """Fields of lists and of referenced definitions are on it too."""
    page = reference_page()
    assert "| `spec.dependencies[].size` |" in page
    assert "| `spec.deployment.replicas.max` |" in page
    assert "| `xlarge` | 2 | 2Gi |" in page
