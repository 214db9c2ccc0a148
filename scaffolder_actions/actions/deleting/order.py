"""What is to be deleted, and with what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.connections.kubernetes import KubernetesApi
from scaffolder_actions.actions.catalog_client import Withdraw
from scaffolder_actions.actions.model import ActionContext
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.errors import UnknownEnvironmentError
from scaffolder_actions.rollouts.removing import Patience


@dataclass(frozen=True)
class Deletion:
    """One service in some of its environments; None in `asked` is all of them. `entity` is its Component."""

    context: ActionContext
    parts: Parts
    withdraw: Withdraw
    name: str
    team: str
    asked: Sequence[str] | None
    confirm: str | None
    entity: str

    @property
    def environments(self) -> Sequence[str]:
        """All environments that there may be something in."""
        return list(dict.fromkeys([*self.parts.clusters.environments, *(self.asked or ())]))

    @property
    def repository(self) -> str:
        """The name of the service's repository."""
        return self.parts.sources.repository_named(self.team, self.name)

    @property
    def patience(self) -> Patience:
        return Patience(self.context.pause)

    def apis(self, environment: str) -> Sequence[KubernetesApi]:
        """The clusters of an environment; none where the settings know it no more."""
        try:
            return self.parts.clusters.of(environment)
        except UnknownEnvironmentError:
            return ()

    def say(self, message: str) -> None:
        """A line for who waits."""
        self.context.log(message)
