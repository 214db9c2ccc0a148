"""Each step of each action, with its server killed before and after the step's effect."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

from foundation.connections.kubernetes import connect_cluster
from foundation.runs import Run, RunEngine
from foundation.settings import ClusterSettings, StateSettings
from scaffolder_actions.runs.body import Request
from scaffolder_actions.runs.workspaces import Workspaces
from tests.scaffolder_actions.conftest import DOCUMENT

PROGRAM = Path(__file__).with_name("action_server.py")
GOLDEN_PATHS = Path(__file__).parents[3] / "cookiecutters"
RENDER, PUBLISH, DEPLOY = "greenroom:golden-path:render", "greenroom:repository:publish", "greenroom:service:apply"
STEPS = {
    RENDER: [RENDER],
    PUBLISH: ["publish"],
    DEPLOY: ["namespace on one", "apply ServiceAccount on one", "apply Deployment on one", "wait until it is well"],
}
REVISION = "deployment.kubernetes.io/revision"
MOMENTS = [(action, step, when) for action in STEPS for step in STEPS[action] for when in ("before", "after")]


def service(number: int) -> str:
    return f"api-{number}"


def submission(number: int, action: str, step: str, when: str, workspaces: Workspaces) -> dict[str, Any]:
    name = service(number)
    given: dict[str, Any] = {"environment": "staging"}
    digest = None
    if action == RENDER:
        values = {"name": name, "team": f"team-{number}", "description": "Waits."}
        given = {"goldenPath": "python-service", "values": values}
    else:
        with workspaces.unpacked(None) as folder:
            text = DOCUMENT.replace("order-api", name).replace("commerce", f"team-{number}")
            (folder / "service.yaml").write_text(text)
            digest = workspaces.keep(folder)
    if action == PUBLISH:
        given = {"name": name, "owner": "commerce"}
    payload = Request(action, given, digest, dry_run=False).as_payload()
    return {"id": f"run-{number:08}", "payload": payload, "hold": [step, when]}


async def reached(files: list[Path]) -> None:
    # A file made by another process has no event to wait for.
    while not all(file.exists() for file in files):  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def finished(engine: RunEngine, run_id: str) -> Run:
    async for each in engine.follow(run_id):
        if isinstance(each, Run):
            return each
    raise AssertionError


def test_every_step_of_every_action(tmp_path: Path, cluster: ClusterSettings) -> None:
    """Killed in any step, each action ends well, with one commit, one revision of the pods, one workspace."""
    workspaces = Workspaces(tmp_path / "workspaces")
    submissions = [submission(number, *moment, workspaces) for number, moment in enumerate(MOMENTS)]
    (tmp_path / "submit.json").write_text(json.dumps(submissions))
    (tmp_path / "hold").touch()
    command = [sys.executable, str(PROGRAM), str(tmp_path), str(cluster.kubeconfig), cluster.context, str(GOLDEN_PATHS)]
    first = subprocess.Popen(command)
    try:
        asyncio.run(asyncio.wait_for(reached([tmp_path / f"reached-{each['id']}" for each in submissions]), 90))
        first.send_signal(signal.SIGKILL)
        first.wait()
        (tmp_path / "hold").unlink()
        second = subprocess.Popen(command)
        try:
            runs = wait_for_all(tmp_path, [each["id"] for each in submissions])
        finally:
            second.kill()
            second.wait()
    finally:
        first.kill()
        first.wait()
    api = connect_cluster(cluster)
    for number, ((action, step, when), run) in enumerate(zip(MOMENTS, runs, strict=True)):
        assert run.status == "succeeded", (action, step, when, run.error)
        name = service(number)
        if action == RENDER:
            with workspaces.unpacked(str(run.outputs["workspace"])) as folder:
                assert name in (folder / "service.yaml").read_text()
        elif action == PUBLISH:
            git = ["git", "-C", str(tmp_path / f"git/commerce/{name}.git"), "rev-list", "--count", "--all"]
            assert subprocess.run(git, check=True, capture_output=True, text=True).stdout.strip() == "1"
        else:
            path = f"/apis/apps/v1/namespaces/team-{number}/deployments/{name}"
            assert cast("Any", api.request("GET", path).body)["metadata"]["annotations"][REVISION] == "1"


def wait_for_all(folder: Path, ids: list[str]) -> list[Run]:
    engine = RunEngine(StateSettings(directory=folder / "state"), executor="onlooker")
    engine.register("nothing", lambda _context, _payload: {})
    engine.start()
    try:
        return [asyncio.run(asyncio.wait_for(finished(engine, run_id), 90)) for run_id in ids]
    finally:
        engine.stop()
