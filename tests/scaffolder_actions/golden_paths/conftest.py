"""Renderers that end with the tests, and golden paths written for one test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import pytest

from scaffolder_actions.golden_paths import GoldenPathRenderer

MakeGoldenPath: TypeAlias = Callable[..., Path]


@pytest.fixture(scope="session")
def renderer() -> Iterator[GoldenPathRenderer]:
    """One warm renderer for all tests that do not harm it."""
    renderer = GoldenPathRenderer()
    yield renderer
    renderer.stop()


@pytest.fixture(scope="session")
def python_service() -> Path:
    return Path(__file__).parents[3] / "cookiecutters" / "python-service"


@pytest.fixture
def make_golden_path(tmp_path: Path) -> MakeGoldenPath:
    """Writes a golden path with the fields `context` and, below its `root`, the files `files`."""

    def make(
        files: Mapping[str, str | bytes],
        context: Mapping[str, object] | None = None,
        root: str = "{{cookiecutter.name}}",
    ) -> Path:
        folder = tmp_path / "golden-path"
        for path, content in files.items():
            file = folder / root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        (folder / "golden-path.yaml").write_text("title: T\ndescription: D\nowner: platform\n")
        (folder / "cookiecutter.json").write_text(json.dumps(context or {"name": "abc", "text": ""}))
        return folder

    return make
