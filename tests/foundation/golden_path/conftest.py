"""A golden path that is as small as one can be, to be changed by each test."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

DESCRIPTION = """\
title: Small
description: The least.
owner: platform
fields:
  name: {required: true, pattern: '[a-z]+', rule: a word in lower case, longest: 20, examples: [abc]}
"""
CONTEXT: dict[str, object] = {
    "name": "abc",
    "greeting": "Hello",
    "slug": "{{ cookiecutter.name | upper }}",
    "size": ["small", "large"],
    "loud": False,
    "_copy_without_render": ["*.raw"],
    "__prompts__": {"greeting": "What to say", "size": {"__prompt__": "How large", "small": "S", "large": "L"}},
}


@pytest.fixture
def make_golden_path(tmp_path: Path) -> Callable[..., Path]:
    """Writes a golden path: `description` and `context` replace its documents, `files` are added to its template."""

    def make(description: str = DESCRIPTION, context: object = None, files: dict[str, str] | None = None) -> Path:
        folder = tmp_path / "small"
        root = folder / "{{cookiecutter.name}}"
        root.mkdir(parents=True)
        (folder / "golden-path.yaml").write_text(description)
        (folder / "cookiecutter.json").write_text(json.dumps(CONTEXT if context is None else context))
        (root / "hello.txt").write_text("{{ cookiecutter.greeting }}, {{ cookiecutter.slug }}!\n")
        for path, text in (files or {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        return folder

    return make
