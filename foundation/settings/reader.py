"""Turns a YAML file, overlaid by the environment, into the dataclasses of `model`."""

from __future__ import annotations

import dataclasses
import math
import os
import types
import typing
from collections.abc import Mapping
from pathlib import Path

import yaml

from foundation.errors import InputError, Problem
from foundation.settings.model import Secret, Settings

ENVIRONMENT_PREFIX = "GREENROOM_"
# These name the file, the home of the local platform and whom the command talks to; they are no settings.
RESERVED = frozenset({"GREENROOM_CONFIG", "GREENROOM_HOME", "GREENROOM_URL", "GREENROOM_TOKEN"})
RESERVED_PREFIXES = ("GREENROOM_LOCAL_", "GREENROOM_TEST_")
# A settings file is written by hand; one of over a mebibyte is a mistake.
LARGEST_FILE = 1024 * 1024
# Of a wrong value, enough to be recognised.
LONGEST_QUOTE = 80


class SettingsError(InputError):
    """Settings that cannot be used; `problems` has every one of them."""


def load_settings(path: Path | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `path`, or `GREENROOM_CONFIG`, or `greenroom.yaml` where there is one.

    Paths in the file are relative to the file. Raises SettingsError with every problem found.
    """
    environ = os.environ if environ is None else environ
    named = path or (Path(environ["GREENROOM_CONFIG"]) if environ.get("GREENROOM_CONFIG") else None)
    file = named or Path("greenroom.yaml")
    document: object = {}
    if named or file.is_file():
        document = _parse(file)
    reader = _Reader(file)
    merged = reader.overlay(document, environ)
    settings = reader.build(Settings, merged, "")
    if reader.problems:
        raise SettingsError(f"{len(reader.problems)} wrong settings", problems=reader.problems)
    return typing.cast("Settings", settings)


def _parse(file: Path) -> object:
    try:
        with file.open("rb") as source:
            content = source.read(LARGEST_FILE + 1)
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}.", remedy="Name an existing file with --config.") from error
    if len(content) > LARGEST_FILE:
        raise SettingsError(f"{file}: larger than 1 MiB.", remedy="Is this the settings file?")
    try:
        return yaml.safe_load(content) or {}
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        what = getattr(error, "problem", None) or str(error)
        problem = Problem(str(file), line, column, f"not YAML: {what}.", "Mend the syntax.")
        raise SettingsError("The settings cannot be read.", problems=[problem]) from error


class _Reader:
    """Builds dataclasses out of plain data and collects what is wrong on the way."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def report(self, where: str, message: str) -> None:
        self.problems.append(Problem(str(self.file), 0, 0, f"{where or 'settings'}: {message}"))

    def parse(self, text: str, where: str) -> object:
        """YAML out of an environment variable, or None after reporting why it is none."""
        try:
            return yaml.safe_load(text)
        except (yaml.YAMLError, RecursionError, ValueError):
            self.report(where, "is not YAML.")
            return None

    def overlay(self, document: object, environ: Mapping[str, str]) -> dict[str, object]:
        """The document with each `GREENROOM_<SECTION>_<NAME>` of the environment laid over it."""
        if not isinstance(document, dict):
            self.report("", "must be a mapping of sections.")
            document = {}
        merged = {str(key): dict(value) if isinstance(value, dict) else value for key, value in document.items()}
        sections = {each.name for each in dataclasses.fields(Settings)}
        for variable in sorted(environ):
            if not variable.startswith(ENVIRONMENT_PREFIX) or variable in RESERVED:
                continue
            if variable.startswith(RESERVED_PREFIXES):
                continue
            section, _, name = variable.removeprefix(ENVIRONMENT_PREFIX).lower().partition("_")
            if section not in sections:
                self.report(variable, f'there is no section "{section}".')
                continue
            value = environ[variable]
            if not name:
                merged[section] = self.parse(value, variable)
                continue
            target = merged.setdefault(section, {})
            if isinstance(target, dict):
                target[name] = value
        return merged

    def build(self, kind: type, value: object, where: str) -> object:
        """An instance of the dataclass `kind`, or None after reporting why there is none."""
        if not isinstance(value, dict):
            self.report(where, "must be a mapping.")
            return None
        hints = typing.get_type_hints(kind)
        known = {each.name: each for each in dataclasses.fields(kind)}
        for name in value.keys() - known.keys():
            self.report(f"{where}.{name}".lstrip("."), f"is not a setting. Known here: {', '.join(known)}.")
        arguments: dict[str, object] = {}
        for name, each in known.items():
            place = f"{where}.{name}".lstrip(".")
            if name in value:
                arguments[name] = self.convert(hints[name], value[name], place)
            elif each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING:
                self.report(place, "is missing.")
                arguments[name] = None
        try:
            return kind(**arguments)
        except (ValueError, TypeError, AttributeError) as error:
            # With a problem reported already this is its consequence, not another one.
            if not self.problems:
                self.report(where, f"{error}.")
            return None

    def convert(self, kind: object, value: object, where: str) -> object:
        """`value` as `kind`, or None after reporting why it cannot be."""
        origin = typing.get_origin(kind)
        if origin is types.UnionType or origin is typing.Union:
            if value in (None, ""):
                return None
            return self.convert(next(a for a in typing.get_args(kind) if a is not type(None)), value, where)
        if origin is typing.Literal:
            choices = typing.get_args(kind)
            if value not in choices:
                self.report(where, f'"{value}" is not one of {", ".join(map(str, choices))}.')
            return value
        if origin in {tuple, Mapping}:
            first, second = typing.get_args(kind)
            return self.sequence(first, value, where) if origin is tuple else self.mapping(second, value, where)
        if isinstance(kind, type) and dataclasses.is_dataclass(kind):
            return self.build(kind, value, where)
        return self.scalar(kind, value, where)

    def sequence(self, kind: object, value: object, where: str) -> tuple[object, ...]:
        if isinstance(value, str):
            value = self.parse(value, where)
        if not isinstance(value, list):
            self.report(where, "must be a list.")
            return ()
        return tuple(self.convert(kind, each, f"{where}[{index}]") for index, each in enumerate(value))

    def mapping(self, kind: object, value: object, where: str) -> dict[str, object]:
        if not isinstance(value, dict):
            self.report(where, "must be a mapping.")
            return {}
        return {str(name): self.convert(kind, each, f"{where}.{name}") for name, each in value.items()}

    def path(self, value: str, where: str) -> Path | None:
        try:
            return (self.file.parent / Path(value).expanduser()).resolve()
        except (RuntimeError, ValueError, OSError) as error:
            self.report(where, f"is no path: {error}.")
            return None

    def scalar(self, kind: object, value: object, where: str) -> object:
        if kind is bool:
            truth = {"true": True, "false": False}.get(str(value).lower())
            if truth is None:
                self.report(where, f'"{value}" is neither true nor false.')
            return truth
        if kind in (int, float) and not isinstance(value, bool):
            try:
                number = int(str(value)) if kind is int else float(str(value))
            except ValueError:
                number = -1
            # The number that YAML writes .nan is neither more nor less than anything.
            if not 0 <= number < math.inf:
                self.report(where, f'"{str(value)[:LONGEST_QUOTE]}" is not a number of 0 or more.')
            return number
        if kind is Path and isinstance(value, str):
            return self.path(value, where)
        if kind is Secret and isinstance(value, str):
            return Secret(value)
        if kind is str and isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return str(value)
        self.report(where, "has a value of the wrong kind.")
        return None
