"""The stacks of services at AWS: how they stand, what would change, and changing them."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence

from foundation.jsontypes import JsonObject
from foundation.settings import AwsSettings
from scaffolder_actions.infrastructure.applying import applied
from scaffolder_actions.infrastructure.clients import AwsClients
from scaffolder_actions.infrastructure.events import Pause, Say
from scaffolder_actions.infrastructure.planning import planned
from scaffolder_actions.infrastructure.removing import removed, rested
from scaffolder_actions.infrastructure.saving import Saved, Saving, save_stack
from scaffolder_actions.infrastructure.states import REVIEW, StackState, read_state
from scaffolder_actions.infrastructure.templates import standing_template
from scaffolder_actions.plans.model import Change


class Stacks:
    """The stacks of one account and region, by their names (see `naming.stack_name`).

    All raise ServiceUnavailableError where AWS is not reached, NotAllowedError where it refuses the credentials, and
    StackError where a stack cannot become what is asked for. None of them keeps anything between calls.

    `say` is told what happens, in one line each. `pause` waits for so many seconds, and may raise to stop waiting: what
    AWS has begun goes on then, and the next call follows it.
    """

    def __init__(self, settings: AwsSettings) -> None:
        self._clients = AwsClients(settings)

    def state(self, name: str) -> StackState | None:
        """How the stack stands, with its outputs and each resource; None where there is none."""
        with self._clients.errors():
            found = read_state(self._clients, name)
            return None if found and found.status == REVIEW else found

    def template(self, name: str) -> JsonObject | None:
        """The template that the stack was last given; None where there is no stack."""
        with self._clients.errors():
            return standing_template(self._clients, name)

    def plan(
        self, name: str, template: JsonObject | None, environment: str, *, pause: Pause = time.sleep
    ) -> Sequence[Change]:
        """What giving the stack this template would do to each resource; None removes the stack.

        `environment` is what the changes name. AWS works it out by a change set, which is removed again.
        """
        with self._clients.errors():
            return planned(self._clients, name, template, environment, pause)

    def apply(self, name: str, template: JsonObject, tags: Mapping[str, str], *, say: Say, pause: Pause) -> StackState:
        """Make or change the stack until it is what `template` says, and wait for it.

        Can be repeated, also after being killed at any point. What holds data and goes with the change is to be saved
        before.
        """
        with self._clients.errors():
            return applied(self._clients, name, template, tags, say=say, pause=pause)

    def save(
        self, name: str, mark: str, *, say: Say, pause: Pause, only: Collection[str] | None = None
    ) -> Sequence[Saved]:
        """Keep what the stack holds, or the resources called `only`: snapshots, and copies in the archive.

        Under the same mark again, what came since is added and nothing repeated. Messages of queues are moved, so this
        is for what is about to go. Nothing for a stack that does not exist.
        """
        with self._clients.errors():
            standing = rested(self._clients, name, say=say, pause=pause)
            if standing is None:
                return []
            return save_stack(Saving(self._clients, name, mark, standing.tags, say, pause), standing, only)

    def delete(self, name: str, mark: str, *, say: Say, pause: Pause) -> None:
        """Save what the stack holds under `mark`, as `save` does, and remove everything but that.

        Can be repeated, also after being killed at any point.
        """
        with self._clients.errors():
            removed(self._clients, name, mark, say=say, pause=pause)

    def read_secret(self, arn: str) -> str:
        """The text of a secret that the stack's outputs name, for `connections_of`."""
        with self._clients.errors():
            return str(self._clients("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
