"""The operations of `openapi.yaml`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import cast

from flask import Response

from foundation.errors import InputError, NotFoundError
from foundation.jsontypes import Json, JsonObject
from foundation.runs import Run, RunEngine
from foundation.web import ServerSentEvent, StreamRequest, caller
from scaffolder_actions.actions.model import Action
from scaffolder_actions.runs.body import KIND, Request
from scaffolder_actions.runs.requests import acting_user, read_request
from scaffolder_actions.runs.workspaces import Workspaces

# PostgreSQL's largest integer; a sequence is far below.
LARGEST_SEQUENCE = 2**31 - 1
LONGEST_SEQUENCE = len(str(LARGEST_SEQUENCE))


class Handlers:
    """Answers requests about actions, workspaces and runs."""

    def __init__(self, actions: Mapping[str, Action], runs: RunEngine, workspaces: Workspaces) -> None:
        self._actions = {key: action for key, action in actions.items() if action.offered_as == "run"}
        self._manifest: JsonObject = {"actions": [action.manifest() for action in self._actions.values()]}
        self._runs = runs
        self._workspaces = workspaces

    def list_actions(self) -> JsonObject:
        return self._manifest

    def put_workspace(self, digest: str, body: bytes | None) -> tuple[JsonObject, int]:
        if not body:
            raise InputError("The request has no body.", remedy="Send the packed workspace, a tar.gz.")
        created = self._workspaces.put(digest, body)
        return {"digest": digest}, 201 if created else 200

    def get_workspace(self, digest: str) -> Response:
        return Response(self._workspaces.get(digest), content_type="application/gzip")

    def put_run(self, run_id: str, body: JsonObject) -> tuple[JsonObject, int]:
        request = read_request(body, self._actions, self._workspaces)
        user = body.get("user")
        acting = acting_user(caller(), None if user is None else str(user))
        is_new = self._is_new(run_id)
        run = self._runs.submit(KIND, run_id, request.as_payload(), caller=acting)
        return run_as_json(run), 201 if is_new else 200

    def get_run(self, run_id: str) -> JsonObject:
        return run_as_json(self._find(run_id))

    def list_runs(self, limit: int = 50) -> JsonObject:
        return {"items": [run_as_json(run) for run in self._runs.list(KIND, limit)]}

    def cancel_run(self, run_id: str) -> JsonObject:
        self._find(run_id)
        return run_as_json(self._runs.cancel(run_id))

    async def follow_run(self, request: StreamRequest) -> AsyncIterator[ServerSentEvent]:
        """Each log line as it comes, then how the run ended."""
        run_id = request.path["run_id"]
        after = _sequence(request.last_event_id or next(iter(request.query.get("after", ())), "0"))
        await asyncio.to_thread(self._find, run_id)
        async for each in self._runs.follow(run_id, after):
            if isinstance(each, Run):
                yield ServerSentEvent("finished", run_as_json(each))
                return
            line: JsonObject = {
                "sequence": each.sequence,
                "at": each.at,
                "level": each.level,
                "message": each.message,
            }
            yield ServerSentEvent("log", line, id=str(each.sequence))

    def _find(self, run_id: str) -> Run:
        run = self._runs.get(run_id)
        if run.kind != KIND:
            raise NotFoundError(f'There is no run "{run_id}".')
        return run

    def _is_new(self, run_id: str) -> bool:
        try:
            self._runs.get(run_id)
        except NotFoundError:
            return True
        return False


def run_as_json(run: Run) -> JsonObject:
    """The run as the platform's answers carry it."""
    request = Request.of_payload(run.payload)
    error: Json = None
    if run.error is not None:
        error = {"name": run.error.name, "message": run.error.message, "remedy": run.error.remedy}
    return {
        "id": run.id,
        "action": request.action,
        "status": run.status,
        "caller": run.caller,
        "input": request.input,
        "dryRun": request.dry_run,
        "outputs": cast("JsonObject", run.outputs.get("outputs") or {}),
        "workspace": run.outputs.get("workspace"),
        "error": error,
        "createdAt": run.created_at,
        "finishedAt": run.finished_at,
    }


def _sequence(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_SEQUENCE and int(text) <= LARGEST_SEQUENCE):
        raise InputError(f'"{text[:20]}" is not the sequence of a log line.', remedy="Use 0 for all of them.")
    return int(text)
