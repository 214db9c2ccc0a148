"""Argo CD's health scripts, as people have them: a folder like its `resource_customizations`, or its `argocd-cm`.

https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#custom-health-checks
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from foundation.errors import Problem
from foundation.health.conditions import judge_conditions, terminating
from foundation.health.confinement import Script, ScriptError
from foundation.health.kinds import GroupKind
from foundation.health.masks import Mask, kept
from foundation.health.table import RulesError
from foundation.health.verdict import Status, Verdict
from foundation.jsontypes import JsonObject
from foundation.yaml import Document, YamlError, load_yaml

SCRIPT = "health.lua"
# Characters; Argo CD's longest has a sixth of it.
LARGEST = 64 * 1024
# Scripts that are read; Argo CD has some 250.
MOST_SCRIPTS = 2_000
# Characters of a script's message or error that are shown, as many as rules see of any text.
LONGEST_MESSAGE = 500
_KEY = "resource.customizations.health."
_OLD_KEY = "resource.customizations"


@dataclass(frozen=True)
class ScriptRule:
    """A script as a rule. What it reads is not known beforehand, so that nearly all of an object is kept."""

    place: str
    script: Script

    @property
    def reads(self) -> Mask:
        return kept("spec", "status", metadata=kept("annotations"))

    @property
    def runs_pods(self) -> bool:
        return False

    def judge(self, item: JsonObject, _now: datetime) -> Verdict:
        early = terminating(item)
        if early:
            return early
        try:
            status, message = self.script(item)
        except ScriptError as error:
            said = " ".join(str(error).split())[:LONGEST_MESSAGE]
            return Verdict(Status.UNKNOWN, f"The script {self.place} failed: {said}", "ScriptFailed")
        if status is None:
            silent = Verdict(Status.UNKNOWN, f"The script {self.place} says nothing of it", "NoVerdict")
            return judge_conditions(item) or silent
        found = next((each for each in Status if each.value == status), None)
        if found is None:
            said = f'The script {self.place} says "{str(status)[:LONGEST_MESSAGE]}", which is no status'
            return Verdict(Status.UNKNOWN, said, "NoVerdict")
        said = " ".join(message.split())[:LONGEST_MESSAGE] if isinstance(message, str) else ""
        reason = None if found is Status.HEALTHY else found.value
        return Verdict(found, said or f"{item.get('kind')} is {found.value.lower()}", reason)


@dataclass(frozen=True)
class _Source:
    """One script that was found. In `file` it begins on `line`; `key` tells it from others there."""

    kind: GroupKind
    file: str
    text: str
    line: int = 1
    key: str = ""

    @property
    def place(self) -> str:
        return f"{self.file}: {self.key}" if self.key else self.file

    def problem(self, message: str, line: int, remedy: str = "") -> Problem:
        said = f"{self.key}: {message}" if self.key else message
        return Problem(self.file, self.line + line - 1 if line else self.line, 1, said, remedy)


def load_scripts(place: Path) -> Mapping[GroupKind, ScriptRule]:
    """The scripts in a folder, or in a file with a ConfigMap. Raises RulesError with every fault, placed."""
    problems: list[Problem] = []
    rules: dict[GroupKind, ScriptRule] = {}
    for each in _in_folder(place, problems) if place.is_dir() else _in_file(place, problems):
        if len(each.text) > LARGEST:
            problems.append(each.problem(f"longer than {LARGEST // 1024} KiB.", 0, "Is it a health script?"))
            continue
        try:
            rules[each.kind] = ScriptRule(each.place, Script(each.text))
        except ScriptError as error:
            problems.append(each.problem(f"is no Lua: {error.message}.", error.line))
    if problems:
        raise RulesError(f"Health scripts in {place} cannot be used.", problems=problems)
    return rules


def _in_folder(place: Path, problems: list[Problem]) -> Iterator[_Source]:
    files = sorted(place.rglob(SCRIPT))
    if len(files) > MOST_SCRIPTS:
        problems.append(Problem(str(place), 0, 0, f"has over {MOST_SCRIPTS} scripts."))
        return
    for each in files:
        *groups, kind = each.relative_to(place).parent.parts or ("",)
        # `_` stands for `*`, which is no name of a folder everywhere. A kind without a group is one of the core's.
        found = GroupKind((groups or [""])[-1].replace("_", "*"), kind.replace("_", "*"))
        try:
            yield _Source(found, str(each.relative_to(place.parent)), each.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(str(each), 0, 0, f"cannot be read: {error}."))


def _in_file(place: Path, problems: list[Problem]) -> Iterator[_Source]:
    try:
        document = load_yaml(place.read_bytes(), place.name)
    except OSError as error:
        remedy = "Name a folder, or a file with argocd-cm."
        problems.append(Problem(str(place), 0, 0, f"cannot be read: {error.strerror}.", remedy))
        return
    except YamlError as error:
        problems += error.problems
        return
    data = document.mapping.get("data")
    if not isinstance(data, Mapping):
        problems.append(document.problem((), "has no data.", "Name a file with the ConfigMap argocd-cm."))
        return
    for key, value in data.items():
        if isinstance(value, str) and key.startswith(_KEY):
            line = _first_line(document, ("data", key), value)
            yield _Source(_kind_of(key.removeprefix(_KEY), "_"), document.file, value, line, key)
        elif isinstance(value, str) and key == _OLD_KEY:
            yield from _of_old_form(document, value, problems)


def _of_old_form(document: Document, value: str, problems: list[Problem]) -> Iterator[_Source]:
    """The scripts in a YAML text inside the ConfigMap, as Argo CD had them first and still has those with patterns."""
    before = _first_line(document, ("data", _OLD_KEY), value) - 1
    try:
        inner = load_yaml(value, document.file)
    except YamlError as error:
        problems += (Problem(each.file, each.line + before, 1, each.message, each.remedy) for each in error.problems)
        return
    for name, each in inner.mapping.items():
        text: Any = each.get(SCRIPT) if isinstance(each, Mapping) else None
        if isinstance(text, str):
            line = before + _first_line(inner, (name, SCRIPT), text)
            yield _Source(_kind_of(name, "/"), document.file, text, line, name)


def _first_line(document: Document, path: tuple[str, ...], text: str) -> int:
    """The line of the first character of a text: one that is written as a block begins below its key."""
    return document.position(path)[0] + ("\n" in text)


def _kind_of(name: str, separator: str) -> GroupKind:
    group, found, kind = name.rpartition(separator)
    return GroupKind(group if found else "", kind)
