"""What a plan says: each thing that would be made, changed, replaced or removed, and what that means for its users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.plans.cost import Cost

# `replace` makes a new one and removes the old one. `keep` changes nothing.
Verb = Literal["create", "update", "replace", "delete", "keep"]
# Files of the service's repository, objects in a cluster, resources of the service's stack.
Where = Literal["repository", "cluster", "aws"]


@dataclass(frozen=True)
class FieldChange:
    """One field that becomes different; `path` is `spec.maxReplicas` or `Properties.EngineVersion`.

    `before` and `after` are None where the field is not there. A secret value never stands here.
    """

    path: str
    before: Json
    after: Json


@dataclass(frozen=True)
class Change:
    """One thing, and what would be done about it.

    `environment` is empty for what all environments share, such as files beside the service's code. `place` is the
    cluster's, stack's or repository's name. `kind` is a Kubernetes kind, a CloudFormation type, or
    `File`; `name` is the object's, the logical id, or the path. `impact` says in a sentence what becomes unavailable
    and for how long, empty where nothing does. `holds_data` is true where a removal loses data that a snapshot would
    save. `blocked` says why it cannot be done, None where it can.
    """

    where: Where
    environment: str
    place: str
    kind: str
    name: str
    verb: Verb
    fields: Sequence[FieldChange] = ()
    impact: str = ""
    holds_data: bool = False
    blocked: str | None = None

    @property
    def needs_confirmation(self) -> bool:
        """Whether the service's name must be typed first."""
        return self.holds_data and self.verb in {"replace", "delete"}

    def as_json(self) -> JsonObject:
        """As answers carry it."""
        fields: list[Json] = [{"path": each.path, "before": each.before, "after": each.after} for each in self.fields]
        return {
            "where": self.where,
            "environment": self.environment,
            "place": self.place,
            "kind": self.kind,
            "name": self.name,
            "verb": self.verb,
            "fields": fields,
            "impact": self.impact,
            "holdsData": self.holds_data,
            "needsConfirmation": self.needs_confirmation,
            "blocked": self.blocked,
        }


@dataclass(frozen=True)
class Compared:
    """What one place (a repository, a cluster, a stack) would see, and what could not be compared there, and why."""

    changes: Sequence[Change]
    unknown: Sequence[str] = ()
    cost: Cost | None = None


@dataclass(frozen=True)
class Plan:
    """Everything that would be done for one service.

    `unknown` says by environment (empty: the repository as a whole) what could not be compared, and why: of that,
    nobody knows whether it would change. `cost` is what the managed resources of an environment cost, where that is known.
    """

    service: str
    changes: Sequence[Change]
    unknown: Mapping[str, Sequence[str]] = field(default_factory=dict)
    cost: Mapping[str, Cost] = field(default_factory=dict)

    @property
    def counts(self) -> Mapping[Verb, int]:
        """How many there are of each verb."""
        verbs: tuple[Verb, ...] = ("create", "update", "replace", "delete", "keep")
        return {verb: sum(1 for each in self.changes if each.verb == verb) for verb in verbs}

    @property
    def has_changes(self) -> bool:
        return any(each.verb != "keep" for each in self.changes)

    def as_json(self) -> JsonObject:
        """As answers carry it."""
        return {
            "service": self.service,
            "changes": [each.as_json() for each in self.changes],
            "counts": {verb: count for verb, count in self.counts.items()},  # noqa: C416  the keys become text
            "hasChanges": self.has_changes,
            "needsConfirmation": any(each.needs_confirmation for each in self.changes),
            "blocked": [each.blocked for each in self.changes if each.blocked],
            "unknown": {environment: list(reasons) for environment, reasons in self.unknown.items()},
            "cost": {environment: cost.as_json() for environment, cost in self.cost.items()},
        }
