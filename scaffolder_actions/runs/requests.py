"""Checks what someone asks for before it becomes a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from foundation.backstage.caller import Caller
from foundation.backstage.entities import EntityRef
from foundation.errors import InputError
from foundation.jsontypes import JsonObject
from foundation.suggestions import remedy
from scaffolder_actions.actions.model import Action
from scaffolder_actions.runs.body import Request
from scaffolder_actions.runs.workspaces import Workspaces

# The subject of a token that Backstage gave to one of its plugins begins so.
PLUGIN_SUBJECT = "plugin:"


def read_request(body: JsonObject, actions: Mapping[str, Action], workspaces: Workspaces) -> Request:
    """The request in the body of a PUT. Raises InputError for an action, input or workspace that cannot be run."""
    name = str(body["action"])
    action = actions.get(name)
    if action is None:
        raise InputError(f'There is no action "{name[:100]}" that runs.', remedy=remedy(name, actions))
    given = cast("JsonObject", body.get("input") or {})
    action.check(given)
    workspace = body.get("workspace")
    if workspace is not None:
        if action.workspace == "none":
            raise InputError(f"{name} takes no workspace.", remedy="Send the run without one.")
        if not workspaces.has(str(workspace)):
            raise InputError(f"There is no workspace {workspace}.", remedy="Upload it first.")
    elif action.workspace == "read":
        raise InputError(f"{name} needs a workspace.", remedy="Upload one, and name its digest.")
    dry_run = bool(body.get("dryRun", False))
    if dry_run and action.plan is None:
        raise InputError(f"{name} cannot say what it would do.", remedy="Run it without dryRun.")
    return Request(name, given, None if workspace is None else str(workspace), dry_run)


def acting_user(caller: Caller, named: str | None) -> str:
    """On whose behalf a run is made: the person of the token, or whom a trusted plugin names, or the service itself.

    Raises InputError when a plugin names what is no entity reference.
    """
    if caller.user_ref:
        return caller.user_ref
    if named and caller.kind == "service" and caller.subject.startswith(PLUGIN_SUBJECT):
        return str(EntityRef.parse(named, default_kind="user"))
    return caller.subject
