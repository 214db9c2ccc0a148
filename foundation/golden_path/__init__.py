"""Golden paths: what a folder under `cookiecutters/` offers, and whether values fit it."""

from __future__ import annotations

from foundation.golden_path.errors import GoldenPathError, ValuesError
from foundation.golden_path.model import Field, GoldenPath
from foundation.golden_path.reading import golden_path_folders, load_golden_path
from foundation.golden_path.values import validate_values

__all__ = [
    "Field",
    "GoldenPath",
    "GoldenPathError",
    "ValuesError",
    "golden_path_folders",
    "load_golden_path",
    "validate_values",
]
