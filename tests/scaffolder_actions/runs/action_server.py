"""A server that executes runs of actions, as a process of its own that a test can kill.

    python action_server.py <folder> <kubeconfig> <context> <golden paths>

The file `submit.json` in the folder holds the runs to submit: `[{"id", "payload", "hold": [step, "before"|"after"]}]`.
While the file `hold` is there, each run stays in the step that it names, before or after that has had its effect, and
notes it with a file `reached-<id>`.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from foundation.connections.git import LocalRepositories
from foundation.connections.kubernetes import connect_cluster
from foundation.runs import RunEngine
from foundation.runs.context import DurableContext
from foundation.settings import ClusterSettings, PlatformSettings, StateSettings
from scaffolder_actions.actions.apply_service import apply_service
from scaffolder_actions.actions.publish_repository import publish_repository
from scaffolder_actions.actions.render_golden_path import render_golden_path
from scaffolder_actions.golden_paths import GoldenPathRenderer
from scaffolder_actions.rollouts.clusters import Clusters
from scaffolder_actions.runs.body import KIND, make_body
from scaffolder_actions.runs.workspaces import Workspaces

T = TypeVar("T")


def main(folder: Path, kubeconfig: Path, context: str, golden_paths: Path) -> None:
    """Run until killed."""
    submissions = json.loads((folder / "submit.json").read_text())
    _hold(folder, {each["id"]: each["hold"] for each in submissions})
    cluster = ClusterSettings("one", "staging", kubeconfig=kubeconfig, context=context)
    actions = [
        render_golden_path(golden_paths, GoldenPathRenderer()),
        publish_repository(LocalRepositories(folder / "git", "http://git.example")),
        apply_service(Clusters([cluster], connect_cluster), PlatformSettings()),
    ]
    engine = RunEngine(StateSettings(directory=folder / "state"), executor="actions")
    engine.register(KIND, make_body({each.id: each for each in actions}, Workspaces(folder / "workspaces")))
    engine.start()
    for each in submissions:
        engine.submit(KIND, each["id"], each["payload"], caller="user:default/ann")
    threading.Event().wait()


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
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
