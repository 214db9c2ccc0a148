"""What an action is, and what it is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, TypeVar

from foundation.backstage.actions import RegistryAction
from foundation.backstage.caller import Caller
from foundation.backstage.schemas import Schema
from foundation.jsontypes import Json, JsonObject
from foundation.runs.model import Level
from foundation.yaml_text import as_yaml
from scaffolder_actions.errors import ActionInputError

T = TypeVar("T")
PLUGIN = "platform"


class ActionContext(Protocol):
    """What an action is given besides its input."""

    @property
    def caller(self) -> str:
        """Who asked: a user's entity reference, or the subject of a service's token."""

    @property
    def workspace(self) -> Path:
        """The folder with the workspace; for an action that writes it, what is there afterwards is the result."""

    def log(self, message: str, level: Level = "info") -> None:
        """Tell the person who waits."""

    def step(self, name: str, function: Callable[[], T]) -> T:
        """Do something that has an effect, once; see `foundation.runs.RunContext.step`."""

    def pause(self, seconds: float) -> None:
        """Wait; ends at once when the run is cancelled."""


Act: TypeAlias = Callable[[ActionContext, JsonObject], JsonObject]


@dataclass(frozen=True)
class Example:
    """A call of an action that makes sense as it stands."""

    description: str
    input: JsonObject


@dataclass(frozen=True)
class Action:
    """One thing that the platform can do.

    `input` and `output` are JSON Schemas of objects. `run` does it. `plan` says what `run` would do and gives the
    outputs as far as they are known, without any effect outside of the workspace; it serves dry runs. An action of
    the registry has neither workspace nor log, answers within seconds, and its id begins with the plugin's.
    """

    id: str
    title: str
    description: str
    input: JsonObject
    output: JsonObject
    examples: Sequence[Example]
    run: Act
    plan: Act | None = None
    offered_as: Literal["registry", "run"] = "run"
    workspace: Literal["none", "read", "write"] = "none"
    read_only: bool = False
    destructive: bool = False
    idempotent: bool = True

    def check(self, given: Json) -> None:
        """Raise ActionInputError, naming every fault, when `given` does not fit the input schema."""
        if faults := Schema(self.input).faults(given):
            raise ActionInputError(f"The input of {self.id} is wrong: {'; '.join(faults)}.")

    def manifest(self) -> JsonObject:
        """What Backstage's scaffolder needs to register a run."""
        return {
            "id": self.id,
            "title": self.title,
            "description": self.description,
            "examples": [{"description": each.description, "example": self._step(each)} for each in self.examples],
            "schema": {"input": self.input, "output": self.output},
            "supportsDryRun": self.plan is not None,
            "workspace": self.workspace,
        }

    def for_registry(self) -> RegistryAction:
        """The action as Backstage's actions registry offers it."""

        def invoke(given: JsonObject, caller: Caller) -> JsonObject:
            return self.run(_ShortCall(caller), given)

        return RegistryAction(
            name=self.id.removeprefix(f"{PLUGIN}:"),
            title=self.title,
            description=self.description,
            input=self.input,
            output=self.output,
            invoke=invoke,
            examples=[{"title": each.description, "input": each.input} for each in self.examples],
            read_only=self.read_only,
            destructive=self.destructive,
            idempotent=self.idempotent,
        )

    def _step(self, example: Example) -> str:
        """The example as a template's step, in YAML, which is how Backstage shows it."""
        step: JsonObject = {
            "id": self.id.rpartition(":")[2],
            "name": self.title,
            "action": self.id,
            "input": example.input,
        }
        return as_yaml({"steps": [step]})


class _ShortCall:
    """The context of a call over the registry: nobody follows its log, and it is over in a moment."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller.user_ref or caller.subject

    @property
    def workspace(self) -> Path:
        raise RuntimeError("An action of the registry has no workspace.")

    def log(self, message: str, level: Level = "info") -> None:
        """Nobody would read it."""

    def step(self, name: str, function: Callable[[], T]) -> T:  # noqa: ARG002  # the protocol's
        return function()

    def pause(self, seconds: float) -> None:  # noqa: ARG002  # the protocol's
        raise RuntimeError("An action of the registry does not wait.")
