"""Rules as data: a table of kinds and cases, which a platform team extends without code.

A table is read once and compiled to closures, so that judging costs some microseconds. What an object says is never trusted:
values of other shapes than a case expects make it not hold.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import yaml

from foundation.errors import InputError, Problem
from foundation.findings import schema_problems
from foundation.health.cases import Case, Otherwise, case_of, otherwise_of
from foundation.health.conditions import READS, terminating, unobserved
from foundation.health.kinds import GroupKind
from foundation.health.masks import KEEP, Mask, merged
from foundation.health.paths import placeholders, steps_of
from foundation.health.verdict import Status, Verdict
from foundation.jsontypes import JsonObject
from foundation.yaml import Document, Path, YamlError, load_yaml

# Files of a folder that are read: one for each project that a company runs.
MOST_FILES = 500


class RulesError(InputError):
    """Tables that cannot be used; `problems` has every reason."""


@dataclass(frozen=True)
class TableRule:
    """The rule for some kinds: the first case that holds, or else `otherwise`."""

    project: str
    cases: tuple[Case, ...]
    otherwise: Otherwise
    observes: bool
    reads: Mask
    runs_pods: bool = False

    def judge(self, item: JsonObject, _now: datetime) -> Verdict:
        return self.verdict_of(item)

    def verdict_of(self, item: JsonObject) -> Verdict:
        """How `item` is; a table looks at no clock."""
        early = terminating(item) or (unobserved(item) if self.observes else None)
        if early:
            return early
        for case in self.cases:
            verdict = case(item, observes=self.observes)
            if verdict:
                return verdict
        return self.otherwise(item)


@dataclass(frozen=True)
class Example:
    """An object of a table, and what is to be said of it."""

    kind: GroupKind
    item: JsonObject
    status: Status
    message: str | None


@dataclass(frozen=True)
class Table:
    """One file of rules. Groups and kinds may be patterns."""

    project: str
    reference: str
    rules: Mapping[GroupKind, TableRule]
    examples: tuple[Example, ...] = ()


def load_tables(folder: pathlib.Path) -> Mapping[GroupKind, TableRule]:
    """The rules of every `*.yaml` below `folder`, the later file winning over the earlier one.

    Raises RulesError with every fault in every file.
    """
    if not folder.is_dir():
        raise RulesError(f"{folder} is no folder of rules.", remedy="Set health.rules to a folder of *.yaml files.")
    files = sorted(folder.rglob("*.yaml"))
    if len(files) > MOST_FILES:
        raise RulesError(
            f"{folder} has {len(files)} files of rules, and {MOST_FILES} are read.", remedy="Join some of them."
        )
    rules: dict[GroupKind, TableRule] = {}
    problems: list[Problem] = []
    for each in files:
        try:
            rules |= read_table(each.read_bytes(), str(each.relative_to(folder.parent))).rules
        except OSError as error:
            problems.append(Problem(str(each), 0, 0, f"cannot be read: {error.strerror}."))
        except RulesError as error:
            problems += error.problems
    if problems:
        raise RulesError(f"Rules of health in {folder} cannot be used.", problems=problems)
    return rules


@cache
def built_in() -> tuple[Table, ...]:
    """The tables that Greenroom carries, one for each project, by name."""
    folder = resources.files(__package__).joinpath("rules")
    files = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)
    return tuple(read_table(each.read_bytes(), each.name) for each in files)


@cache
def built_in_tables() -> Mapping[GroupKind, TableRule]:
    """The rules of all tables that Greenroom carries."""
    return {kind: rule for table in built_in() for kind, rule in table.rules.items()}


def read_table(content: bytes, file: str) -> Table:
    """The table in `content`. Raises RulesError with every fault, placed."""
    try:
        document = load_yaml(content, file)
    except YamlError as error:
        raise RulesError(f"{file} cannot be used.", problems=error.problems) from None
    problems = list(schema_problems(document, schema()))
    if problems:
        raise RulesError(f"{file} cannot be used.", problems=problems)
    return _table(document)


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema of a table."""
    text = resources.files(__package__).joinpath("rules.schema.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def _table(document: Document) -> Table:
    given = document.mapping
    rules: dict[GroupKind, TableRule] = {}
    examples: list[Example] = []
    problems: list[Problem] = []
    for number, each in enumerate(given["rules"]):
        place: Path = ("rules", number)
        problems += _message_problems(document, place, each)
        rule = _rule(given["project"], each)
        kinds = [GroupKind(each["group"], kind) for kind in each["kinds"]]
        problems += (_repeated(document, place, kind) for kind in kinds if kind in rules)
        rules |= dict.fromkeys(kinds, rule)
        own = list(_examples(each))
        problems += _example_problems(document, place, rule, own)
        examples += own
    if problems:
        raise RulesError(f"{document.file} cannot be used.", problems=problems)
    return Table(given["project"], given.get("reference", ""), rules, tuple(examples))


def _message_problems(document: Document, place: Path, given: Mapping[str, Any]) -> Iterator[Problem]:
    otherwise = given.get("otherwise")
    messages: list[tuple[Path, str]] = [
        ((*place, "cases", number, "message"), each.get("message", ""))
        for number, each in enumerate(given.get("cases", ()))
    ]
    messages.append(((*place, "otherwise", "message"), otherwise["message"] if isinstance(otherwise, Mapping) else ""))
    for at, message in messages:
        for path in placeholders(message):
            if not steps_of(path):
                yield document.problem(at, f'"{{{path}}}" is no path.', "Write it like {status.phase}.")


def _repeated(document: Document, place: Path, kind: GroupKind) -> Problem:
    return document.problem((*place, "kinds"), f"{kind} has a rule above.", "Join them, or remove one.")


def _example_problems(
    document: Document, place: Path, rule: TableRule, examples: Sequence[Example]
) -> Iterator[Problem]:
    for number, each in enumerate(examples):
        verdict = rule.verdict_of(each.item)
        if verdict.status is not each.status or (each.message or verdict.message) != verdict.message:
            said = f"this is judged {verdict.status.value}, `{verdict.message}`."
            yield document.problem((*place, "examples", number), said, "Correct the rule or the example.")


def _rule(project: str, given: Mapping[str, Any]) -> TableRule:
    cases = [case_of(each) for each in given.get("cases", ())]
    otherwise = otherwise_of(given.get("otherwise", "conditions"))
    reads: Mask = {"status": {"observedGeneration": KEEP}}
    for mask in (*(each.reads for each in cases), otherwise.reads, READS if otherwise.is_standard else {}):
        reads = merged(reads, mask)
    observes = given.get("generation", "observed") == "observed"
    return TableRule(project, tuple(cases), otherwise, observes, reads, given.get("workload", False))


def _examples(given: Mapping[str, Any]) -> Iterator[Example]:
    kinds: Sequence[str] = given["kinds"]
    for each in given.get("examples", ()):
        group = given["group"].replace("*", "example")
        kind = GroupKind(group, each["object"].get("kind", kinds[0]))
        item = {"apiVersion": f"{kind.group}/v1", "kind": kind.kind, "metadata": {"name": "example"}, **each["object"]}
        yield Example(kind, item, Status(each["status"]), each.get("message"))
