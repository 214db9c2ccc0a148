"""A server that executes runs of actions, as a process of its own that a test can kill.

    python action_server.py <folder>

`settings.json` in the folder says where clusters, AWS and Vault are; `submit.json` holds the runs to submit:
`[{"id", "payload", "hold": [step, "before"|"after"]}]`. While the file `hold` is there, each run stays in the step that
it names, before or after that has had its effect, and notes it with a file `reached-<id>`.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from foundation.connections.git import LocalRepositories
from foundation.connections.kubernetes import connect_cluster
from foundation.jsontypes import JsonObject
from foundation.runs import RunEngine
from foundation.runs.context import DurableContext
from foundation.settings import AwsSettings, ClusterSettings, PlatformSettings, StateSettings, VaultSettings
from scaffolder_actions.actions.apply_service import apply_service
from scaffolder_actions.actions.delete_service import delete_service
from scaffolder_actions.actions.model import Action
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.actions.publish_repository import publish_repository
from scaffolder_actions.actions.render_golden_path import render_golden_path
from scaffolder_actions.credentials import Entries
from scaffolder_actions.golden_paths import GoldenPathRenderer
from scaffolder_actions.infrastructure.stacks import Stacks
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.rollouts.clusters import Clusters
from scaffolder_actions.runs.body import KIND, make_body
from scaffolder_actions.runs.workspaces import Workspaces

T = TypeVar("T")
GOLDEN_PATHS = Path(__file__).parents[3] / "cookiecutters"


def main(folder: Path) -> None:
    """Run until killed."""
    submissions = json.loads((folder / "submit.json").read_text())
    _hold(folder, {each["id"]: each["hold"] for each in submissions})
    engine = RunEngine(StateSettings(directory=folder / "state"), executor="actions")
    actions = {each.id: each for each in _actions(folder)}
    engine.register(KIND, make_body(actions, Workspaces(folder / "workspaces")))
    engine.start()
    for each in submissions:
        engine.submit(KIND, each["id"], each["payload"], caller="user:default/ann")
    threading.Event().wait()


def _actions(folder: Path) -> Iterator[Action]:
    settings = json.loads((folder / "settings.json").read_text())
    cluster = ClusterSettings("one", "staging", kubeconfig=Path(settings["kubeconfig"]), context=settings["context"])
    git, stacks = LocalRepositories(folder / "git", "http://git.example"), Stacks(AwsSettings(endpoint=settings["aws"]))
    sources = Sources(git, "", Clusters([cluster], connect_cluster), stacks, PlatformSettings())
    parts = Parts(sources, stacks, Entries(VaultSettings(settings["vault"], Path(settings["token_file"]))))

    def withdraw(entity: str, _pause: Callable[[float], None]) -> JsonObject:
        with (folder / "withdrawn").open("a") as file:
            file.write(f"{entity}\n")
        return {"entityRefs": [entity]}

    yield render_golden_path(GOLDEN_PATHS, GoldenPathRenderer(), PlatformSettings())
    yield publish_repository(git)
    yield apply_service(parts)
    yield delete_service(parts, withdraw, "default")


def _hold(folder: Path, moments: dict[str, list[str]]) -> None:
    step = DurableContext.step

    def held(self: DurableContext, name: str, function: Callable[[], T]) -> T:
        def stay(when: str) -> None:
            if (folder / "hold").exists() and moments[self.run_id] == [name, when]:
                (folder / f"reached-{self.run_id}").touch()
                threading.Event().wait()

        def do() -> T:
            stay("before")
            result = function()
            stay("after")
            return result

        return step(self, name, do)

    DurableContext.step = held  # type: ignore[method-assign]  # the one place that every step passes


if __name__ == "__main__":
    main(Path(sys.argv[1]))
