"""The plugin `platform`: actions, offered over the actions registry or as durable runs."""

from __future__ import annotations

import logging
from importlib import resources
from pathlib import Path

from foundation.errors import GreenroomError
from foundation.runs import RunEngine
from foundation.settings import Settings
from foundation.web import Plugin
from scaffolder_actions.actions.catalogue import all_actions
from scaffolder_actions.actions.model import PLUGIN
from scaffolder_actions.golden_paths import GoldenPathRenderer
from scaffolder_actions.runs.body import KIND, make_body
from scaffolder_actions.runs.handlers import Handlers
from scaffolder_actions.runs.housekeeping import Housekeeping
from scaffolder_actions.runs.workspaces import Workspaces

logger = logging.getLogger(__name__)


def create_plugin(settings: Settings, runs: RunEngine) -> Plugin:
    """The plugin; its runs are executed by `runs`, which whoever hosts the plugin starts after it."""
    renderer = GoldenPathRenderer()
    actions = all_actions(settings, renderer)
    workspaces = Workspaces(settings.state.directory / "workspaces")
    housekeeping = Housekeeping(workspaces)
    runs.register(KIND, make_body(actions, workspaces))
    handlers = Handlers(actions, runs, workspaces)

    def start() -> None:
        housekeeping.start()
        try:
            renderer.start()
        except GreenroomError as error:
            # Everything else works without it, and the next rendering tries again.
            logger.warning("%s", error)

    def stop() -> None:
        renderer.stop()
        housekeeping.stop()

    return Plugin(
        id=PLUGIN,
        specification=Path(str(resources.files(__package__).joinpath("openapi.yaml"))),
        operations={
            "list_actions": handlers.list_actions,
            "put_workspace": handlers.put_workspace,
            "get_workspace": handlers.get_workspace,
            "put_run": handlers.put_run,
            "get_run": handlers.get_run,
            "list_runs": handlers.list_runs,
            "cancel_run": handlers.cancel_run,
        },
        streams={"/v1/runs/{run_id}/events": handlers.follow_run},
        actions=[action.for_registry() for action in actions.values() if action.offered_as == "registry"],
        start=start,
        stop=stop,
    )
