"""Which rule judges which kind: the team's own, then those that Greenroom carries, then the standard conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Protocol

from foundation.errors import Problem
from foundation.health.built_in import PYTHON_RULES, STATELESS
from foundation.health.conditions import READS, judge_conditions, terminating
from foundation.health.kinds import GroupKind, group_kind_of
from foundation.health.masks import Mask
from foundation.health.scripts import load_scripts
from foundation.health.table import RulesError, built_in_tables, load_tables
from foundation.health.verdict import Status, Verdict
from foundation.jsontypes import JsonObject


class Rule(Protocol):
    """What judges the objects of a kind."""

    @property
    def reads(self) -> Mask:
        """What of an object it reads, beside its metadata."""

    @property
    def runs_pods(self) -> bool:
        """Whether objects of the kind run pods, as a Deployment does."""

    def judge(self, item: JsonObject, now: datetime) -> Verdict:
        """How `item` is at `now`; never raises."""


@dataclass(frozen=True)
class PythonRule:
    """A rule that is written out."""

    rule: Callable[[JsonObject, datetime], Verdict]
    reads: Mask
    runs_pods: bool = False

    def judge(self, item: JsonObject, now: datetime) -> Verdict:
        return self.rule(item, now)


class Rulebook:
    """Rules by kind. Groups and kinds may be patterns; a name that is written out wins over one that fits a pattern."""

    def __init__(self, *layers: Mapping[GroupKind, Rule]) -> None:
        """`layers` of rules, of which the first that knows a kind decides."""
        self._layers = layers
        self._found: dict[GroupKind, Rule | None] = {}
        self._running: dict[GroupKind, bool] = {}

    def judge(self, item: JsonObject, now: datetime) -> Verdict:
        """How `item` is at `now`. Whatever its shape, there is a verdict."""
        kind = group_kind_of(item)
        rule = self.rule_of(kind)
        if rule:
            return rule.judge(item, now)
        return _without_rule(kind, item)

    def rule_of(self, kind: GroupKind) -> Rule | None:
        """The rule of its own that a kind has."""
        if kind not in self._found:
            self._found[kind] = next(filter(None, (_in_layer(layer, kind) for layer in self._layers)), None)
        return self._found[kind]

    def reads(self, kind: GroupKind) -> Mask:
        """What of an object of this kind is read, beside its metadata."""
        rule = self.rule_of(kind)
        return rule.reads if rule else READS

    def knows_group(self, group: str) -> bool:
        """Whether any kind of this group has a rule."""
        return any(fnmatchcase(group, each.group) for layer in self._layers for each in layer)

    def is_overruled(self, kind: GroupKind) -> bool:
        """Whether a team's own rule judges this kind in place of the one that is written out here."""
        return kind in PYTHON_RULES and self.rule_of(kind) is not python_rules()[kind]

    def runs_pods(self, kind: GroupKind) -> bool:
        """Whether objects of this kind run pods; a rule that only judges them anew does not change that."""
        if kind not in self._running:
            rules = (_in_layer(layer, kind) for layer in self._layers)
            self._running[kind] = any(rule is not None and rule.runs_pods for rule in rules)
        return self._running[kind]


def load_rulebook(rules: Path | None = None, scripts: Path | None = None) -> Rulebook:
    """The rules of a team and ours. Raises RulesError with every fault in all of the team's files."""
    problems: list[Problem] = []
    layers: list[Mapping[GroupKind, Rule]] = []
    try:
        layers.append(load_tables(rules) if rules else {})
    except RulesError as error:
        problems += error.problems or [Problem(str(rules), 0, 0, error.message)]
    try:
        layers.append(load_scripts(scripts) if scripts else {})
    except RulesError as error:
        problems += error.problems
    if problems:
        raise RulesError("The rules of health cannot be used.", problems=problems)
    return Rulebook(*layers, python_rules(), built_in_tables())


@cache
def standard_rulebook() -> Rulebook:
    """The rules that Greenroom carries."""
    return load_rulebook()


@cache
def python_rules() -> Mapping[GroupKind, PythonRule]:
    """The rules for Kubernetes' own kinds and the Gateway API."""
    return {kind: PythonRule(*parts) for kind, parts in PYTHON_RULES.items()}


def _in_layer(layer: Mapping[GroupKind, Rule], kind: GroupKind) -> Rule | None:
    if kind in layer:
        return layer[kind]
    fitting = [each for each in layer if "*" in f"{each.group}{each.kind}" and _fits(kind, each)]
    # The longest pattern says most.
    return layer[max(fitting, key=lambda each: len(each.group) + len(each.kind))] if fitting else None


def _fits(kind: GroupKind, pattern: GroupKind) -> bool:
    return fnmatchcase(kind.group, pattern.group) and fnmatchcase(kind.kind, pattern.kind)


def _without_rule(kind: GroupKind, item: JsonObject) -> Verdict:
    standard = judge_conditions(item)
    if standard:
        return standard
    early = terminating(item)
    if early:
        return early
    if kind in STATELESS or kind.group in _STATELESS_GROUPS:
        return Verdict(Status.HEALTHY, f"{kind.kind} is there")
    if not kind.kind:
        return Verdict(Status.UNKNOWN, "It does not say of which kind it is", "NoKind")
    said = f"{kind} says nothing of its health that is known here; a rule can teach it"
    return Verdict(Status.UNKNOWN, said, "NoRule")


# Groups whose kinds have no status by nature.
_STATELESS_GROUPS = frozenset(
    {"rbac.authorization.k8s.io", "admissionregistration.k8s.io", "scheduling.k8s.io", "node.k8s.io"}
)
