"""Where plans look for what stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from foundation.connections.git import GitHost
from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.settings import PlatformSettings
from scaffolder_actions.plans.model import Change
from scaffolder_actions.repositories import repository_name
from scaffolder_actions.rollouts.clusters import Clusters


class Stacks(Protocol):
    """CloudFormation stacks, as far as plans ask them."""

    def plan(self, name: str, template: JsonObject | None, environment: str) -> Sequence[Change]:
        """What giving the stack `name` this template would change; None removes the stack.

        Raises a GreenroomError where AWS does not answer.
        """

    def template(self, name: str) -> JsonObject | None:
        """The template of the stack as it stands; None where there is none. Raises as `plan` does."""


@dataclass(frozen=True)
class Sources:
    """The Git host, the clusters, AWS, and what the platform team has settled.

    `organisation` owns every repository where the Git host has one for all teams; empty where each team has its own.
    """

    git: GitHost
    organisation: str
    clusters: Clusters
    stacks: Stacks
    platform: PlatformSettings

    def repository_of(self, service: Service) -> str:
        """The name of the service's repository, `owner/name`."""
        return self.repository_named(service.team, service.name)

    def repository_named(self, team: str, service: str) -> str:
        """The same for who has no document."""
        return repository_name(self.organisation or team, service)
