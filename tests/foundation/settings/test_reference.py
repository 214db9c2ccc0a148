"""The reference page of settings."""

from __future__ import annotations

import dataclasses
import typing
from pathlib import Path

from foundation.settings import Settings

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"


def test_every_setting_is_on_the_reference_page() -> None:
    """A setting that nobody can read about does not exist for its users."""
    page = PAGE.read_text()
    hints = typing.get_type_hints(Settings)
    names = [
        f"{section}.{each.name}"
        for section, kind in hints.items()
        if dataclasses.is_dataclass(kind)
        for each in dataclasses.fields(kind)
    ]
    assert [name for name in [*names, "clusters"] if f"`{name}`" not in page] == []
