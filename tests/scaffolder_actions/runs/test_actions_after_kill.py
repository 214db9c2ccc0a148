"""Each step of each action, with its server killed before and after the step's effect."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from foundation.connections.aws import connect_aws
from foundation.connections.kubernetes import connect_cluster
from foundation.connections.vault import connect_vault
from foundation.errors import NotFoundError
from foundation.runs import Run, RunEngine
from foundation.runs.durable import CONCURRENT_RUNS
from foundation.settings import AwsSettings, ClusterSettings, StateSettings, VaultSettings
from scaffolder_actions.credentials import Entries
from scaffolder_actions.infrastructure.stacks import Stacks
from scaffolder_actions.rollouts import objects_of
from scaffolder_actions.runs.body import Request
from scaffolder_actions.runs.workspaces import Workspaces
from tests.scaffolder_actions.conftest import DOCUMENT

PROGRAM = Path(__file__).with_name("action_server.py")
RENDER, PUBLISH = "greenroom:golden-path:render", "greenroom:repository:publish"
APPLY, DELETE = "greenroom:service:apply", "greenroom:service:delete"
REVISION = "deployment.kubernetes.io/revision"
# A service with everything that is quick to make, and the same without what holds data.
NEEDY = DOCUMENT + "  dependencies:\n    - {type: redis}\n    - {type: sqs}\n"
APPLY_STEPS = [
    "plan",
    "stack",
    "connections",
    "namespace on one",
    "apply ExternalSecret/{service} on one",
    "refresh secrets on one",
    "apply Deployment/{service} on one",
    "restart on one",
    "wait until it is well",
    "prune on one",
]
CHANGE_STEPS = ["plan", "save data", "take away at AWS", "connections"]
DELETE_STEPS = [
    "look",
    "remove routes on one",
    "remove pods on one",
    "save data of staging",
    "remove the rest on one",
    "remove the stack of staging",
    "remove secret/{team}/{service}/staging/connections",
    "take out of the catalog",
]


@dataclass(frozen=True)
class Moment:
    """An action, and the step in which its server is killed: before or after it has had its effect."""

    action: str
    step: str
    when: str
    number: int

    @property
    def service(self) -> str:
        return f"api-{self.number}"

    @property
    def team(self) -> str:
        return f"team-{self.number}"

    @property
    def hold(self) -> list[str]:
        return [self.step.format(team=self.team, service=self.service), self.when]

    @property
    def run_id(self) -> str:
        return f"run-{self.number:08}"

    def document(self, text: str) -> str:
        return text.replace("order-api", self.service).replace("commerce", self.team)


def moments(action: str, steps: Sequence[str], first: int = 0) -> list[Moment]:
    """As many as there are runs at a time in one process, at most; their services are numbered from `first`.

    AWS is one for all tests, so each test has numbers of its own.
    """
    pairs = [(step, when) for step in steps for when in ("before", "after")]
    assert len(pairs) <= CONCURRENT_RUNS
    return [Moment(action, step, when, number) for number, (step, when) in enumerate(pairs, first)]


class Server:
    """The program, and the folder that it works in."""

    def __init__(self, folder: Path, cluster: ClusterSettings, aws: AwsSettings, vault: VaultSettings) -> None:
        self.folder = folder
        self.workspaces = Workspaces(folder / "workspaces")
        settings = {
            "kubeconfig": str(cluster.kubeconfig),
            "context": cluster.context,
            "aws": aws.endpoint,
            "vault": vault.address,
            "token_file": str(vault.token_file),
        }
        (folder / "settings.json").write_text(json.dumps(settings))

    def workspace(self, text: str) -> str:
        with self.workspaces.unpacked(None) as folder:
            (folder / "service.yaml").write_text(text)
            return self.workspaces.keep(folder)

    def apply(self, moments: Sequence[Moment], text: str) -> None:
        """Bring the services of all moments into being, undisturbed."""
        given = {"environment": "staging", "version": "1.0.0"}
        submissions: list[dict[str, Any]] = [
            {
                "id": f"first-{each.number:08}",
                "payload": Request(APPLY, given, self.workspace(each.document(text)), dry_run=False).as_payload(),
                "hold": [],
            }
            for each in moments
        ]
        (self.folder / "submit.json").write_text(json.dumps(submissions))
        with self._running():
            for moment, run in zip(
                moments, wait_for_all(self.folder, [each["id"] for each in submissions]), strict=True
            ):
                succeeded(moment, run)

    def complete(self, submissions: list[dict[str, Any]]) -> list[Run]:
        """Submit the runs, kill the server when each has come to its step, and give how they end with another one."""
        (self.folder / "submit.json").write_text(json.dumps(submissions))
        held = [self.folder / f"reached-{each['id']}" for each in submissions]
        (self.folder / "hold").touch()
        with self._running() as first:
            asyncio.run(asyncio.wait_for(reached(held), 150))
            first.send_signal(signal.SIGKILL)
            first.wait()
        (self.folder / "hold").unlink()
        with self._running():
            return wait_for_all(self.folder, [each["id"] for each in submissions])

    @contextmanager
    def _running(self) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen([sys.executable, str(PROGRAM), str(self.folder)])
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@pytest.fixture
def server(tmp_path: Path, cluster: ClusterSettings, aws: AwsSettings, vault: VaultSettings) -> Server:
    return Server(tmp_path, cluster, aws, vault)


async def reached(files: list[Path]) -> None:
    # A file made by another process has no event to wait for.
    while not all(file.exists() for file in files):  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def finished(engine: RunEngine, run_id: str) -> Run:
    while True:
        try:
            async for each in engine.follow(run_id):
                if isinstance(each, Run):
                    return each
        except NotFoundError:
            # The server is about to submit it.
            await asyncio.sleep(0.02)


def wait_for_all(folder: Path, ids: list[str]) -> list[Run]:
    engine = RunEngine(StateSettings(directory=folder / "state"), executor="onlooker")
    engine.register("nothing", lambda _context, _payload: {})
    engine.start()
    try:
        return [asyncio.run(asyncio.wait_for(finished(engine, run_id), 150)) for run_id in ids]
    finally:
        engine.stop()


def submission(moment: Moment, given: dict[str, Any], workspace: str | None = None) -> dict[str, Any]:
    payload = Request(moment.action, given, workspace, dry_run=False).as_payload()
    return {"id": moment.run_id, "payload": payload, "hold": moment.hold}


def succeeded(moment: Moment, run: Run) -> None:
    assert run.status == "succeeded", (moment, run.error)


def test_repositories_and_golden_paths(server: Server) -> None:
    """Killed in any step, each action ends well, with one commit or one workspace."""
    rendered, published = moments(RENDER, [RENDER], 0), moments(PUBLISH, ["publish"], 2)
    runs = server.complete(
        [
            *(submission(each, {"goldenPath": "python-service", "values": values(each)}) for each in rendered),
            *(
                submission(each, {"name": each.service, "owner": each.team}, server.workspace(each.document(DOCUMENT)))
                for each in published
            ),
        ]
    )
    for moment, run in zip([*rendered, *published], runs, strict=True):
        succeeded(moment, run)
    for run, moment in zip(runs, rendered, strict=False):
        with server.workspaces.unpacked(str(run.outputs["workspace"])) as folder:
            assert moment.service in (folder / "service.yaml").read_text()
    for moment in published:
        folder = server.folder / f"git/{moment.team}/{moment.service}.git"
        git = ["git", "-C", str(folder), "rev-list", "--count", "--all"]
        assert subprocess.run(git, check=True, capture_output=True, text=True).stdout.strip() == "1"


def values(moment: Moment) -> dict[str, str]:
    return {"name": moment.service, "team": moment.team, "description": "Waits."}


@dataclass(frozen=True)
class Places:
    """Where a service has something."""

    cluster: ClusterSettings
    aws: AwsSettings
    vault: VaultSettings

    def revision(self, moment: Moment) -> str:
        path = f"/apis/apps/v1/namespaces/{moment.team}/deployments/{moment.service}"
        return str(
            cast("Any", connect_cluster(self.cluster).request("GET", path).body)["metadata"]["annotations"][REVISION]
        )

    def objects(self, moment: Moment) -> set[str]:
        return {str(each["kind"]) for each in objects_of(connect_cluster(self.cluster), moment.service, moment.team)}

    def stack(self, moment: Moment) -> list[str]:
        state = Stacks(self.aws).state(f"staging-{moment.service}")
        return [each.type for each in state.resources] if state else []

    def connections(self, moment: Moment) -> int:
        return Entries(self.vault).version(f"{moment.team}/{moment.service}/staging/connections")

    def token(self, moment: Moment) -> str:
        """What the service's cache asks of who comes."""
        path = f"{moment.team}/{moment.service}/staging/connections"
        engine = connect_vault(self.vault).secrets.kv.v2
        found = engine.read_secret_version(path, mount_point="secret", raise_on_deleted_version=True)
        return str(found["data"]["data"]["REDIS_URL"]).partition("@")[0].removeprefix("rediss://:")

    def snapshots(self, moment: Moment) -> list[str]:
        found = connect_aws(self.aws, "elasticache").describe_snapshots()["Snapshots"]
        return [
            each["SnapshotName"]
            for each in found
            if each["SnapshotName"].startswith(f"staging-{moment.service}-cache-")
        ]


@pytest.fixture
def places(cluster: ClusterSettings, aws: AwsSettings, vault: VaultSettings) -> Places:
    return Places(cluster, aws, vault)


@pytest.mark.parametrize("steps", [APPLY_STEPS[:5], APPLY_STEPS[5:]], ids=["first", "last"])
def test_applying(steps: list[str], server: Server, places: Places) -> None:
    """Killed in any step, a service comes into being once: one stack, one version of its connections, one of its pods."""
    all_moments = moments(APPLY, steps, 20 * (1 + APPLY_STEPS.index(steps[0])))
    given = {"environment": "staging", "version": "1.0.0"}
    runs = server.complete([submission(each, given, server.workspace(each.document(NEEDY))) for each in all_moments])
    for moment, run in zip(all_moments, runs, strict=True):
        succeeded(moment, run)
        assert (places.revision(moment), places.connections(moment)) == ("1", 1), moment
        resources = places.stack(moment)
        assert resources.count("AWS::ElastiCache::ReplicationGroup") == 1
        children = cast("Any", run.outputs["outputs"])["children"]
        assert {each["status"] for each in children} == {"Healthy"}
    kept = b"".join(file.read_bytes() for file in (server.folder / "state").iterdir() if file.is_file())
    assert all(moment.service.encode() in kept for moment in all_moments)
    assert not [moment for moment in all_moments if places.token(moment).encode() in kept], (
        "a secret is in the database"
    )


def test_taking_data_away(server: Server, places: Places) -> None:
    """Killed in any step, what held data is saved once and goes, and pods are not told of it any more."""
    all_moments = moments(APPLY, CHANGE_STEPS, 1000)
    server.apply(all_moments, NEEDY)
    less = NEEDY.replace("    - {type: redis}\n", "")
    runs = server.complete(
        [
            submission(
                each,
                {"environment": "staging", "version": "1.0.0", "confirm": each.service},
                server.workspace(each.document(less)),
            )
            for each in all_moments
        ]
    )
    for moment, run in zip(all_moments, runs, strict=True):
        succeeded(moment, run)
        assert [each["place"] for each in cast("Any", run.outputs["outputs"])["saved"]] == places.snapshots(moment)
        assert len(places.snapshots(moment)) == 1
        assert "AWS::ElastiCache::ReplicationGroup" not in places.stack(moment)
        assert places.connections(moment) == 2


def test_deleting(server: Server, places: Places) -> None:
    """Killed in any step, a service goes completely, and what it held is saved once."""
    all_moments = moments(DELETE, DELETE_STEPS, 2000)
    server.apply(all_moments, NEEDY)
    runs = server.complete(
        [submission(each, {"name": each.service, "team": each.team, "confirm": each.service}) for each in all_moments]
    )
    withdrawn = set((server.folder / "withdrawn").read_text().splitlines())
    for moment, run in zip(all_moments, runs, strict=True):
        succeeded(moment, run)
        assert (places.objects(moment), places.stack(moment), places.connections(moment)) == (set(), [], 0), moment
        assert len(places.snapshots(moment)) == 1
        assert f"component:default/{moment.service}" in withdrawn
