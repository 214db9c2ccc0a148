"""Does an action as a durable run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from foundation.jsontypes import JsonObject
from foundation.runs import RunBody, RunContext
from foundation.runs.model import Level
from scaffolder_actions.actions.model import Act, Action
from scaffolder_actions.runs.workspaces import Workspaces

T = TypeVar("T")

# The kind under which runs of actions are kept.
KIND = "action"


@dataclass(frozen=True)
class Request:
    """What someone asked for: an action, its input, the digest of its workspace.

    With `dry_run` the action only says what it would do.
    """

    action: str
    input: JsonObject
    workspace: str | None
    dry_run: bool

    def as_payload(self) -> JsonObject:
        return {"action": self.action, "input": self.input, "workspace": self.workspace, "dryRun": self.dry_run}

    @classmethod
    def of_payload(cls, payload: JsonObject) -> Request:
        workspace = payload["workspace"]
        return cls(
            action=str(payload["action"]),
            input=cast("JsonObject", payload["input"]),
            workspace=None if workspace is None else str(workspace),
            dry_run=bool(payload["dryRun"]),
        )


def make_body(actions: Mapping[str, Action], workspaces: Workspaces) -> RunBody:
    """The body of every run. It gives `{"outputs": …, "workspace": digest or None}`."""

    def body(context: RunContext, payload: JsonObject) -> JsonObject:
        request = Request.of_payload(payload)
        action = actions[request.action]
        act = action.plan if request.dry_run and action.plan else action.run
        if action.workspace == "none":
            return {"outputs": act(_Call(context, None), request.input), "workspace": None}
        if action.workspace == "read":
            with workspaces.unpacked(request.workspace) as folder:
                return {"outputs": act(_Call(context, folder), request.input), "workspace": None}
        # What is written is lost with this process, so the whole is one step, whose result is kept by its digest.
        return context.step(action.id, lambda: _written(act, context, request, workspaces))

    return body


def _written(act: Act, context: RunContext, request: Request, workspaces: Workspaces) -> JsonObject:
    with workspaces.unpacked(request.workspace) as folder:
        outputs = act(_Call(context, folder), request.input)
        return {"outputs": outputs, "workspace": workspaces.keep(folder)}


class _Call:
    """The ActionContext of a run."""

    def __init__(self, run: RunContext, workspace: Path | None) -> None:
        self._run = run
        self._workspace = workspace

    @property
    def caller(self) -> str:
        return self._run.caller

    @property
    def workspace(self) -> Path:
        if self._workspace is None:
            raise RuntimeError("This action declares no workspace.")
        return self._workspace

    def log(self, message: str, level: Level = "info") -> None:
        self._run.log(message, level)

    def step(self, name: str, function: Callable[[], T]) -> T:
        return self._run.step(name, function)

    def pause(self, seconds: float) -> None:
        self._run.pause(seconds)
