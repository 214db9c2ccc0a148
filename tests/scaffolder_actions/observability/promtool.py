"""Prometheus' own judge of rules."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from foundation.jsontypes import JsonObject

PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None, reason="promtool is not installed; on Debian it is in the package prometheus"
)


def check_rules(groups: list[JsonObject], folder: Path) -> None:
    """Assert that Prometheus takes these groups of rules, linting included."""
    _run("check", "rules", "--lint=all", "--lint-fatal", str(written(groups, folder, "rules")))


def test_rules(tests: list[dict[str, Any]], folder: Path) -> None:
    """Assert that every test file's expectations hold, in one run for all of them."""
    files = []
    for index, each in enumerate(tests):
        file = folder / f"test-{index}.yaml"
        file.write_text(yaml.safe_dump(each, sort_keys=False), encoding="utf-8")
        files.append(str(file))
    _run("test", "rules", *files)


test_rules.__test__ = False  # type: ignore[attr-defined]  # promtool's word, and no test of pytest


def written(groups: list[JsonObject], folder: Path, name: str) -> Path:
    """The groups as the file that Prometheus loads."""
    file = folder / f"{name}.yaml"
    file.write_text(yaml.safe_dump({"groups": groups}, sort_keys=False), encoding="utf-8")
    return file


def _run(*arguments: str) -> None:
    assert PROMTOOL
    done = subprocess.run([PROMTOOL, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
