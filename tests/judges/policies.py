"""Judging generated files by the policies that checkov knows."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from tests.judges.installing import CHECKOV, ensure_installed
from tests.judges.warm import WarmJudge

Framework = Literal["kubernetes", "cloudformation", "github_actions", "dockerfile"]


def checkov(framework: Framework, files: Mapping[str, str]) -> list[str]:
    """The checks that fail on the files, as `CKV_K8S_40 Deployment.commerce.order-api: Containers should …`.

    `files` are texts by their paths; a file may hold several documents. Files that cannot be read are findings, and so
    is a batch in which nothing was looked at.
    """
    with tempfile.TemporaryDirectory() as folder:
        for path, text in files.items():
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return _checkov().ask({"framework": framework, "folder": folder})


@cache
def _checkov() -> WarmJudge:
    ensure_installed()
    # It asks for nothing then, neither for settings nor for checks.
    quiet = {**os.environ, "LOG_LEVEL": "ERROR", "CKV_SKIP_PACKAGE_UPDATE_CHECK": "true"}
    return WarmJudge([str(CHECKOV / "bin" / "python"), str(Path(__file__).with_name("checkov_judge.py"))], quiet)
