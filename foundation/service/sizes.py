"""T-shirt sizes and what they stand for, from `sizes.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml


@dataclass(frozen=True)
class CpuSize:
    """What a container asks of a processor, as a Kubernetes quantity. There is no limit."""

    request: str


@dataclass(frozen=True)
class MemorySize:
    """What a container asks of memory, and where it is killed, as Kubernetes quantities."""

    request: str
    limit: str


@dataclass(frozen=True)
class Sizes:
    """The sizes by their names, smallest first; `version` tells two tables apart."""

    version: int
    cpu: Mapping[str, CpuSize]
    memory: Mapping[str, MemorySize]
    dependency: tuple[str, ...]


@cache
def sizes() -> Sizes:
    """The table that this version of the platform carries."""
    data = yaml.safe_load(resources.files(__package__).joinpath("sizes.yaml").read_text(encoding="utf-8"))
    return Sizes(
        version=data["version"],
        cpu={name: CpuSize(**size) for name, size in data["cpu"].items()},
        memory={name: MemorySize(**size) for name, size in data["memory"].items()},
        dependency=tuple(data["dependency"]),
    )
