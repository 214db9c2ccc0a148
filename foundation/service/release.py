"""Releases of the platform's decisions: sizes, engine versions and what differs between environments.

A release is one YAML file, `releases/2026.11.yaml`. A platform team puts its own beside the setting
`platform.releases`, which then stands in place of those that Greenroom carries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

import yaml

from foundation.errors import InputError, Problem
from foundation.findings import schema_problems
from foundation.settings import PlatformSettings
from foundation.suggestions import remedy
from foundation.yaml import Document, YamlError, load_yaml

# A file beside the releases that is none; see `prices`.
PRICES = "prices.yaml"
ENGINES = ("postgresql", "redis")
# What stands for every environment that a release does not name.
DEFAULT_ENVIRONMENT = "default"


class ReleaseError(InputError):
    """Releases that cannot be used; `problems` has what is wrong in their files."""


@dataclass(frozen=True)
class EngineVersion:
    """`engine` is what AWS is asked for; `ends` is the last day (ISO 8601) on which it is mended."""

    engine: str
    ends: str


@dataclass(frozen=True)
class EngineSize:
    """An instance class of AWS, and GiB of storage for what has its own disk."""

    instance_class: str
    storage: int | None


@dataclass(frozen=True)
class Engine:
    """A database or cache: versions and sizes by what documents call them, oldest and smallest first."""

    default: str
    versions: Mapping[str, EngineVersion]
    sizes: Mapping[str, EngineSize]


@dataclass(frozen=True)
class EnvironmentDefaults:
    """What an environment is worth: `cache_replicas` stand beside the first node, `log_days` are days logs are kept."""

    several_zones: bool
    backup_days: int
    cache_replicas: int
    log_days: int


@dataclass(frozen=True)
class Release:
    """One release. `cpu` and `memory` are Kubernetes quantities by the names of sizes, smallest first.

    `text` is its file, for repositories that hold a copy.
    """

    name: str
    date: str
    notes: tuple[str, ...]
    cpu: Mapping[str, str]
    memory: Mapping[str, str]
    engines: Mapping[str, Engine]
    environments: Mapping[str, EnvironmentDefaults]
    text: str = field(default="", repr=False, compare=False)

    def cpu_quantity(self, size: str) -> str:
        """The quantity of a size; a quantity stands for itself."""
        return self.cpu.get(size, size)

    def memory_quantity(self, size: str) -> str:
        """The quantity of a size; a quantity stands for itself."""
        return self.memory.get(size, size)

    def in_environment(self, environment: str) -> EnvironmentDefaults:
        """What holds in `environment`."""
        return self.environments.get(environment, self.environments[DEFAULT_ENVIRONMENT])


def releases(settings: PlatformSettings | None = None) -> Mapping[str, Release]:
    """Every release by its name, oldest first. Raises ReleaseError for files that cannot be used."""
    folder = settings.releases if settings else None
    return _read(folder) if folder else _carried()


def find_release(name: str | None, settings: PlatformSettings | None = None) -> Release:
    """The release of that name, or the newest. Raises ReleaseError for an unknown one."""
    known = releases(settings)
    if name is None:
        return list(known.values())[-1]
    if name not in known:
        raise ReleaseError(f'There is no release "{name[:40]}" of the platform.', remedy=remedy(name, known))
    return known[name]


@cache
def _carried() -> Mapping[str, Release]:
    return _read(Path(str(resources.files(__package__).joinpath("releases"))))


@cache
def _schema() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("release.schema.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, Any]", yaml.safe_load(text))


@cache
def _read(folder: Path) -> Mapping[str, Release]:
    found: dict[str, Release] = {}
    try:
        files = sorted(each for each in folder.glob("*.yaml") if each.name != PRICES)
        texts = [(file, file.read_bytes()) for file in files]
    except OSError as error:
        raise ReleaseError(f"{folder}: {error.strerror}.", remedy="Check the setting platform.releases.") from error
    if not texts:
        raise ReleaseError(f"{folder} holds no release.", remedy="Put one there, such as 2026.11.yaml.")
    for file, text in texts:
        release = _parse(text, file)
        found[release.name] = release
    return dict(sorted(found.items(), key=lambda each: each[1].date))


def _parse(text: bytes, file: Path) -> Release:
    try:
        document = load_yaml(text, str(file))
    except YamlError as error:
        raise ReleaseError(error.message, problems=error.problems) from error
    if problems := list(schema_problems(document, _schema())) or list(_unknown_defaults(document)):
        raise ReleaseError(f"{file} is not a release that can be used.", problems=problems)
    data = document.mapping
    return Release(
        name=data["release"],
        date=data["date"],
        notes=tuple(data.get("notes", ())),
        cpu=data["cpu"],
        memory=data["memory"],
        engines={name: _engine(data[name]) for name in ENGINES},
        environments={name: EnvironmentDefaults(**each) for name, each in data["environments"].items()},
        text=text.decode(),
    )


def _unknown_defaults(document: Document) -> Iterator[Problem]:
    for name in ENGINES:
        engine = document.mapping[name]
        if engine["default"] not in engine["versions"]:
            message = f'{name}.default: there is no version "{engine["default"][:40]}".'
            yield document.problem((name, "default"), message, remedy(engine["default"], engine["versions"]))


def _engine(data: Mapping[str, Any]) -> Engine:
    return Engine(
        default=data["default"],
        versions={name: EngineVersion(**each) for name, each in data["versions"].items()},
        sizes={name: EngineSize(each["class"], each.get("storage")) for name, each in data["sizes"].items()},
    )
