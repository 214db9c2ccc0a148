"""What pipelines take from elsewhere, at which version: `actions.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast

import yaml


@dataclass(frozen=True)
class Pins:
    """`actions` are `(version, commit)` by name, `tools` what each is installed by, `runtimes` versions of languages."""

    actions: Mapping[str, tuple[str, str]]
    tools: Mapping[str, str]
    runtimes: Mapping[str, str]

    def uses(self, action: str) -> str:
        """The action at its commit, as `uses` takes it."""
        return f"{action}@{self.actions[action][1]}"


@cache
def pins() -> Pins:
    """The pins of this release of Greenroom."""
    text = resources.files(__package__).joinpath("actions.yaml").read_text(encoding="utf-8")
    data = cast("Mapping[str, Any]", yaml.safe_load(text))
    actions = {name: (each["version"], each["commit"]) for name, each in data["actions"].items()}
    return Pins(actions, data["tools"], data["runtimes"])
