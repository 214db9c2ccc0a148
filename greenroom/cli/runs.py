"""Starts runs on the server and follows them: what `actions run`, `service create` and the examples share."""

from __future__ import annotations

import hashlib
import io
import secrets
import tarfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.errors import GreenroomError
from foundation.jsontypes import JsonObject
from greenroom.cli.client import Client, UnavailableError

# Seconds between attempts to reach a server that restarts, which takes it about ten; two minutes in all.
PAUSE = 1.0
ATTEMPTS = 120

Say = Callable[[str, str], None]


class RunFailedError(GreenroomError):
    """A run ended without success; the message is the run's own reason."""


@dataclass(frozen=True)
class Finished:
    """What a run gave: its outputs, and the digest of its workspace when it wrote one."""

    run_id: str
    outputs: dict[str, Any]
    workspace: str | None


def new_run_id() -> str:
    """An id that no other run has."""
    return f"cli-{secrets.token_hex(8)}"


def run_action(
    client: Client,
    action: str,
    values: JsonObject,
    *,
    workspace: str | None = None,
    run_id: str | None = None,
    dry_run: bool = False,
    say: Say = lambda _level, _message: None,
) -> Finished:
    """Run an action to its end, passing each log line to `say(level, message)`.

    The same `run_id` attaches to a run that was started before. RunFailedError with the run's reason.
    """
    run_id = run_id or new_run_id()
    body = {"action": action, "input": dict(values), "workspace": workspace, "dryRun": dry_run, "user": None}
    client.put(f"platform/v1/runs/{run_id}", body)
    run = _follow(client, run_id, say)
    if run["status"] != "succeeded":
        error = run.get("error") or {"message": f"The run {run_id} ended as {run['status']}."}
        raise RunFailedError(error["message"], remedy=error.get("remedy"))
    return Finished(run_id, dict(run["outputs"] or {}), run.get("workspace"))


def _follow(client: Client, run_id: str, say: Say) -> dict[str, Any]:
    """The finished run. A server that restarts does not end the run, so it does not end the following either."""
    last = 0
    for attempt in range(ATTEMPTS):
        try:
            for event in client.follow(f"platform/v1/runs/{run_id}/events", after=str(last)):
                if event.name == "log":
                    last = int(event.data["sequence"])
                    say(str(event.data["level"]), str(event.data["message"]))
                elif event.name == "finished":
                    return event.data
        except UnavailableError as error:
            if attempt == ATTEMPTS - 1:
                raise RunFailedError(
                    f"Greenroom does not answer any more; the run {run_id} goes on when it is back.",
                    remedy=f"Attach to it with `greenroom actions run … --run-id {run_id}`.",
                ) from error
        if attempt == 0:
            say("warn", f"The connection broke off. The run {run_id} goes on; reconnecting.")
        time.sleep(PAUSE)
    raise RunFailedError(f"The run {run_id} ended without saying how.")


def upload_folder(client: Client, folder: Path) -> str:
    """Pack a folder, send it, and return its digest. The same files give the same digest."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=6, format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                archive.add(path, arcname=path.relative_to(folder).as_posix(), filter=_plain)
    content = packed.getvalue()
    # gzip's header holds the time of packing, which would make every digest another.
    content = content[:4] + b"\0\0\0\0" + content[8:]
    digest = hashlib.sha256(content).hexdigest()
    client.upload(f"platform/v1/workspaces/{digest}", content)
    return digest


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mtime = 0
    return member
