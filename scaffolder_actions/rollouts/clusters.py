"""The clusters of an environment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from foundation.connections.kubernetes import KubernetesApi
from foundation.settings import ClusterSettings
from foundation.suggestions import remedy
from scaffolder_actions.errors import UnknownEnvironmentError


@dataclass(frozen=True)
class Clusters:
    """The clusters of the settings, and the way to one of them."""

    settings: Sequence[ClusterSettings]
    connect: Callable[[ClusterSettings], KubernetesApi]

    @property
    def environments(self) -> Sequence[str]:
        """The environments that have a cluster, in the order of the settings."""
        return list(dict.fromkeys(each.environment for each in self.settings))

    def of(self, environment: str) -> Sequence[KubernetesApi]:
        """The clusters of an environment. Raises UnknownEnvironmentError when it has none."""
        found = [self.connect(each) for each in self.settings if each.environment == environment]
        if not found:
            known = sorted(self.environments)
            raise UnknownEnvironmentError(
                f'No cluster belongs to the environment "{environment[:63]}".',
                remedy=remedy(environment, known) if known else "Name one under `clusters` in the settings.",
            )
        return found
