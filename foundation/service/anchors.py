"""Where a field is explained on the reference page of Service documents."""

from __future__ import annotations

from foundation.settings import PlatformSettings
from foundation.yaml import Path


def section_of(path: Path) -> str:
    """The section about the field at `path`: `metadata`, or `spec.deployment` for all that is below it."""
    if path[:1] == ("spec",) and len(path) > 1:
        return f"spec.{path[1]}"
    return str(path[0]) if path else "fields"


def anchor_of(path: Path) -> str:
    """The anchor of that section, as Python-Markdown makes it of the heading: `specdeployment`."""
    return "".join(each for each in section_of(path).lower() if each.isalnum() or each == "-")


def page_of(path: Path, settings: PlatformSettings) -> str:
    """The address of the section about the field at `path`."""
    return f"{settings.reference_url}#{anchor_of(path)}"
