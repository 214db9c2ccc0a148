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
from foundation.health.masks import KEEP, Mask
from foundation.health.table import RulesError
from foundation.health.verdict import Status, Verdict
from foundation.yaml import Document, YamlError, load_yaml

from foundation.jsontypes import JsonObject  # isort: skip

SCRIPT = "health.lua"
# Bytes; Argo CD's longest has a sixth of it.
LARGEST = 64 * 1024
# Scripts that are read; Argo CD has some 250.
MOST_SCRIPTS = 2_000
_KEY = "resource.customizations.health."
_OLD_KEY = "resource.customizations"


@dataclass(frozen=True)
class ScriptRule:
    """A script as a rule. What it reads is not known beforehand, so that all of an object is kept."""

    place: str
    script: Script

    @property
    def reads(self) -> Mask:
        return {"spec": KEEP, "status": KEEP}

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
            return Verdict(Status.UNKNOWN, f"The script {self.place} failed: {error}", "ScriptFailed")
        said = " ".join(message.split()) if isinstance(message, str) else ""
        if status is None:
            return judge_conditions(item) or Verdict(
                Status.UNKNOWN, f"The script {self.place} says nothing of it", "NoVerdict"
            )
        found = next((each for each in Status if each.value == status), None)
        if found is None:
            return Verdict(Status.UNKNOWN, f'The script {self.place} says "{status}", which is no status', "NoVerdict")
        return Verdict(
            found,
            said or f"{item.get('kind')} is {found.value.lower()}",
            None if found is Status.HEALTHY else found.value,
        )


def load_scripts(place: Path) -> Mapping[GroupKind, ScriptRule]:
    """The scripts in a folder, or in a file with a ConfigMap. Raises RulesError with every fault."""
    problems: list[Problem] = []
    rules: dict[GroupKind, ScriptRule] = {}
    for kind, file, source in _sources(place, problems):
        if len(source) > LARGEST:
            problems.append(Problem(file, 0, 0, f"is longer than {LARGEST // 1024} KiB.", "Is it a health script?"))
            continue
        try:
            rules[kind] = ScriptRule(file, Script(source, file))
        except ScriptError as error:
            problems.append(Problem(file, 0, 0, f"is no Lua: {error}."))
    if problems:
        raise RulesError(f"Health scripts in {place} cannot be used.", problems=problems)
    return rules


def _sources(place: Path, problems: list[Problem]) -> Iterator[tuple[GroupKind, str, str]]:
    if place.is_dir():
        files = sorted(place.rglob(SCRIPT))
        if len(files) > MOST_SCRIPTS:
            problems.append(Problem(str(place), 0, 0, f"has over {MOST_SCRIPTS} scripts."))
            return
        for each in files:
            # `_` stands for `*`, which is no name of a folder everywhere.
            group, kind = each.parent.parent.name.replace("_", "*"), each.parent.name.replace("_", "*")
            try:
                yield GroupKind(group, kind), str(each.relative_to(place.parent)), each.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                problems.append(Problem(str(each), 0, 0, f"cannot be read: {error}."))
        return
    try:
        document = load_yaml(place.read_bytes(), place.name)
    except OSError as error:
        problems.append(
            Problem(str(place), 0, 0, f"cannot be read: {error.strerror}.", "Name a folder, or a file with argocd-cm.")
        )
        return
    except YamlError as error:
        problems += error.problems
        return
    data = document.mapping.get("data")
    if not isinstance(data, Mapping):
        problems.append(document.problem((), "has no data.", "Name a file with the ConfigMap argocd-cm."))
        return
    yield from _of_config_map(document, data, problems)


def _of_config_map(
    document: Document, data: Mapping[str, Any], problems: list[Problem]
) -> Iterator[tuple[GroupKind, str, str]]:
    for key, value in data.items():
        if not isinstance(value, str):
            continue
        if key.startswith(_KEY):
            yield _kind_of(key.removeprefix(_KEY), "_"), f"{document.file}: {key}", value
        elif key == _OLD_KEY:
            try:
                customizations = load_yaml(value.encode(), f"{document.file}: {key}").mapping
            except YamlError as error:
                problems += error.problems
                continue
            for name, each in customizations.items():
                script = each.get(SCRIPT) if isinstance(each, Mapping) else None
                if isinstance(script, str):
                    yield _kind_of(name, "/"), f"{document.file}: {key}: {name}", script


def _kind_of(name: str, separator: str) -> GroupKind:
    group, found, kind = name.rpartition(separator)
    return GroupKind(group if found else "", kind)
