"""The order of pages."""

from __future__ import annotations

from techdocs.configuration import automatic_navigation, pages_of
from techdocs.configuration.navigation import section_title, with_prefix


def test_the_automatic_navigation_is_that_of_mkdocs() -> None:
    """The index first, then pages by name, then folders as sections."""
    pages = ["b.md", "guides/z.md", "guides/index.md", "a.md", "index.md", "API-docs/x.md", "guides/deep/y.md"]
    assert automatic_navigation(pages) == [
        "index.md",
        "a.md",
        "b.md",
        {"API docs": ["API-docs/x.md"]},
        {"Guides": ["guides/index.md", "guides/z.md", {"Deep": ["guides/deep/y.md"]}]},
    ]


def test_a_section_is_called_like_its_folder() -> None:
    """Capitalised only where the folder has no capitals."""
    assert section_title("how-to_write") == "How to write"
    assert section_title("API-docs") == "API docs"


def test_moving_a_navigation_keeps_addresses() -> None:
    """A link to elsewhere is no page of the site."""
    moved = with_prefix(["a.md", {"T": [{"X": "https://example.com"}]}], "orders")
    assert moved == ["orders/a.md", {"T": [{"X": "https://example.com"}]}]
    assert pages_of(moved) == ["orders/a.md", "https://example.com"]
