"""`greenroom docs` without a server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def build(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it, outside of any terminal."""
    command = [sys.executable, "-m", "greenroom", "docs", "build", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_an_example_is_built_without_a_warning(examples: Path, tmp_path: Path) -> None:
    """Pages, API reference and decisions, where they were asked for."""
    done = build(str(examples / "order-api"), "-d", str(tmp_path / "site"))
    assert (done.returncode, done.stderr) == (0, "")
    assert f"pages in {tmp_path / 'site'}" in done.stdout
    assert (tmp_path / "site" / "api" / "index.html").is_file()
    assert (tmp_path / "site" / "decisions" / "index.html").is_file()


def test_what_is_left_out_is_a_warning(tmp_path: Path) -> None:
    """A plugin that would run code is left out, and said; programs get the warnings as a list."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Here\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: Here\nplugins: [techdocs-core, macros]\n")
    built = json.loads(build(str(tmp_path), "-d", str(tmp_path / "site"), "-o", "json").stdout)
    assert "index.html" in built["files"]
    assert any("macros" in each for each in built["warnings"])


def test_this_products_own_documentation_has_no_warning(checkout: Path, tmp_path: Path) -> None:
    """The pages, their links and their menu are whole."""
    done = build(str(checkout), "-d", str(tmp_path / "site"))
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("{absent}",), "does not exist"),
        (("{empty}",), "There is no documentation here. Write docs/index.md"),
        (("{example}", "-d", f"{os.devnull}/site"), "Name another folder with -d."),
    ],
)
def test_wrong_input_is_one_sentence(examples: Path, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 1, nothing on standard output, no stack trace."""
    places = {"{absent}": tmp_path / "absent", "{empty}": tmp_path, "{example}": examples / "order-api"}
    done = build(*(str(places.get(each, each)) for each in arguments))
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
