"""What applying and deleting work with: everywhere that a service has something."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.settings import PlatformSettings
from scaffolder_actions.credentials import Entries
from scaffolder_actions.infrastructure.stacks import Stacks
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.rollouts.clusters import Clusters


@dataclass(frozen=True)
class Parts:
    """The Git host and the clusters, AWS, and the secret store."""

    sources: Sources
    stacks: Stacks
    entries: Entries

    @property
    def clusters(self) -> Clusters:
        return self.sources.clusters

    @property
    def platform(self) -> PlatformSettings:
        return self.sources.platform
