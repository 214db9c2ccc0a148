"""What is asked for: a service in an environment, at a version, with a word for what it takes away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.connections.kubernetes import KubernetesApi
from foundation.errors import GreenroomError
from foundation.service import Service
from scaffolder_actions.actions.model import ActionContext
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.infrastructure.naming import stack_name
from scaffolder_actions.plans.standing import FIRST_VERSION, standing_in_repository
from scaffolder_actions.plans.versions import version_in_cluster
from scaffolder_actions.rollouts.removing import Patience
from scaffolder_actions.rollouts.watching import Waiting
from scaffolder_actions.workload import Compiled, workload_of


@dataclass(frozen=True)
class Order:
    """One service in one environment. `deadline` is the number of seconds that each wait for it may take."""

    context: ActionContext
    parts: Parts
    compiled: Compiled
    confirm: str | None
    deadline: float

    @property
    def service(self) -> Service:
        """The service as it is in the environment."""
        return self.compiled.workload.service

    @property
    def environment(self) -> str:
        return self.compiled.workload.environment

    @property
    def stack_name(self) -> str:
        return stack_name(self.service.name, self.environment)

    @property
    def apis(self) -> Sequence[KubernetesApi]:
        """The environment's clusters."""
        return self.parts.clusters.of(self.environment)

    @property
    def waiting(self) -> Waiting:
        return Waiting(log=self.context.log, pause=self.context.pause)

    @property
    def patience(self) -> Patience:
        return Patience(self.context.pause)

    def say(self, message: str) -> None:
        """A line for who waits, in the way that stacks say theirs."""
        self.context.log(message)


def standing_version(context: ActionContext, parts: Parts, service: Service, environment: str) -> str:
    """The version for who names none: as in the service's repository, as it runs, or the first one.

    Raises ClusterError: who does not know what runs must not put the first version in its place.
    """
    image = workload_of(service, environment, FIRST_VERSION, parts.platform).image_name
    try:
        name = parts.sources.repository_of(service)
        promoted = standing_in_repository(parts.sources.git, name).version(environment, image)
    except GreenroomError as error:
        context.log(f"The repository does not tell the version, so that which runs stays. {error.message}", "warn")
        promoted = None
    if promoted:
        return promoted
    found = (version_in_cluster(api, service.name, service.team, image) for api in parts.clusters.of(environment))
    return next(filter(None, found), FIRST_VERSION)
