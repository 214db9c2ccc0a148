"""Looks for everything that a service has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from foundation.connections.aws import AwsMissingError
from foundation.errors import ConflictError, NotAllowedError
from foundation.jsontypes import JsonObject
from foundation.suggestions import remedy
from scaffolder_actions.actions.deleting.order import Deletion
from scaffolder_actions.credentials import MOUNT
from scaffolder_actions.errors import NotConfirmedError, UnknownEnvironmentError
from scaffolder_actions.infrastructure.naming import stack_name
from scaffolder_actions.plans.model import Change
from scaffolder_actions.rollouts import objects_of
from scaffolder_actions.rollouts.paths import metadata_of
from scaffolder_actions.workload.connections import connections_entry, secrets_entry

# Things of one place that a sentence names; the log has them all.
MOST_NAMED = 5


@dataclass(frozen=True)
class Thing:
    """One thing that goes. `place` is a cluster's, stack's or secret store's name."""

    where: str
    environment: str
    place: str
    kind: str
    name: str
    holds_data: bool = False

    def as_json(self) -> JsonObject:
        return {
            "where": self.where,
            "environment": self.environment,
            "place": self.place,
            "kind": self.kind,
            "name": self.name,
            "holdsData": self.holds_data,
        }

    @classmethod
    def of(cls, data: JsonObject) -> Thing:
        fields = {key: str(data[key]) for key in ("where", "environment", "place", "kind", "name")}
        return cls(**fields, holds_data=bool(data["holdsData"]))


@dataclass(frozen=True)
class Found:
    """What goes; the name under which data is saved; whether nothing of the service is left anywhere afterwards."""

    mark: str
    things: Sequence[Thing]
    all_of_it: bool

    @property
    def environments(self) -> Sequence[str]:
        """The environments that something goes from."""
        return list(dict.fromkeys(each.environment for each in self.things))

    @property
    def in_clusters(self) -> Sequence[str]:
        """The environments in whose clusters something goes."""
        return list(dict.fromkeys(each.environment for each in self.things if each.where == "cluster"))

    @property
    def stacks(self) -> Sequence[str]:
        """The environments whose stacks go."""
        return list(dict.fromkeys(each.environment for each in self.things if each.where == "aws"))

    def as_json(self) -> JsonObject:
        return {"mark": self.mark, "things": [each.as_json() for each in self.things], "allOfIt": self.all_of_it}

    @classmethod
    def of(cls, data: JsonObject) -> Found:
        things = cast("Sequence[JsonObject]", data["things"])
        return cls(str(data["mark"]), [Thing.of(each) for each in things], bool(data["allOfIt"]))


def look(deletion: Deletion) -> Found:
    """Everything that the service has in the environments that it is deleted from.

    Raises UnknownEnvironmentError for an environment that nobody knows and where nothing stands, and what clusters, AWS
    and the secret store raise: what cannot be looked at could be left behind.
    """
    things = {each: _things_in(deletion, each) for each in deletion.environments}
    asked = deletion.environments if deletion.asked is None else deletion.asked
    known = deletion.parts.clusters.environments
    for environment in asked:
        if environment not in known and not things[environment]:
            raise UnknownEnvironmentError(
                f'Nothing is known of an environment "{environment}".', remedy=remedy(environment, known)
            )
    left = [each for environment, found in things.items() if environment not in asked for each in found]
    # Secrets of the team's own are not what keeps a service standing.
    all_of_it = all(each.kind == SECRETS for each in left)
    gone = [each for environment in asked for each in things[environment] if each.kind != SECRETS]
    if all_of_it:
        gone += [each for found in things.values() for each in found if each.kind == SECRETS]
    return Found(datetime.now(UTC).strftime("%Y%m%d-%H%M%S"), gone, all_of_it)


def require_confirmed(deletion: Deletion, found: Found) -> None:
    """Raise NotConfirmedError, which says what would go, unless the service's name was typed."""
    if deletion.confirm == deletion.name:
        return
    typed = f' It is confirmed with another name, "{deletion.confirm[:63]}".' if deletion.confirm else ""
    raise NotConfirmedError(
        f"Deleting {deletion.name} needs your confirmation. {in_words(found)}{typed}",
        remedy=f'Data is saved first. To go on, confirm with the service\'s name: confirm: "{deletion.name}".',
    )


def in_words(found: Found) -> str:
    """What goes, a sentence for each place."""
    places: dict[str, list[Thing]] = {}
    for each in found.things:
        places.setdefault(each.place, []).append(each)
    said = [f"From {place} goes {_listed(things)}." for place, things in places.items()] or ["Nothing of it stands."]
    return " ".join([*said, *(["It leaves the catalog."] if found.all_of_it else [])])


def _listed(things: Sequence[Thing]) -> str:
    # What holds data first: that is what must be thought about.
    ordered = sorted(things, key=lambda each: not each.holds_data)
    names = [f"{each.kind} {each.name}{' (holds data)' if each.holds_data else ''}" for each in ordered[:MOST_NAMED]]
    more = len(things) - len(names)
    return ", ".join([*names, *([f"{more} more"] if more > 0 else [])])


CONNECTIONS = "Connections"
SECRETS = "Secrets"


def _things_in(deletion: Deletion, environment: str) -> list[Thing]:
    return [*_in_clusters(deletion, environment), *_in_stack(deletion, environment), *_in_store(deletion, environment)]


def _in_clusters(deletion: Deletion, environment: str) -> list[Thing]:
    return [
        Thing("cluster", environment, api.cluster, str(each["kind"]), str(metadata_of(each)["name"]))
        for api in deletion.apis(environment)
        for each in objects_of(api, deletion.name, deletion.team)
    ]


def _in_stack(deletion: Deletion, environment: str) -> list[Thing]:
    name = stack_name(deletion.name, environment)
    try:
        changes: Sequence[Change] = deletion.parts.stacks.plan(name, None, environment, pause=deletion.context.pause)
        state = deletion.parts.stacks.state(name)
    except AwsMissingError:
        # A platform that uses no AWS has left nothing there.
        return []
    if state is not None and (team := state.tags.get("team", deletion.team)) != deletion.team:
        raise ConflictError(
            f"The stack {name} is of the team {team}, not of {deletion.team}.",
            remedy="Name the team that has the service.",
        )
    if state is not None and not changes:
        return [Thing("aws", environment, name, "AWS::CloudFormation::Stack", name)]
    return [Thing("aws", environment, name, each.kind, each.name, each.holds_data) for each in changes]


def _in_store(deletion: Deletion, environment: str) -> list[Thing]:
    entries = deletion.parts.entries
    if not entries.is_configured:
        return []
    named = {
        CONNECTIONS: connections_entry(deletion.team, deletion.name, environment),
        SECRETS: secrets_entry(deletion.team, deletion.name, environment),
    }
    return [Thing("vault", environment, MOUNT, kind, path) for kind, path in named.items() if _exists(deletion, path)]


def _exists(deletion: Deletion, path: str) -> bool:
    try:
        return deletion.parts.entries.names(path) is not None
    except NotAllowedError as error:
        deletion.context.log(f"{error} It stays as it is.", "warn")
        return False
