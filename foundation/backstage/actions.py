"""The actions registry: short actions that Backstage's scaffolder and MCP plugin find and call over HTTP.

The protocol is that of `@backstage/backend-defaults` (`actionsRegistry`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from foundation.backstage.caller import Caller
from foundation.backstage.schemas import Schema
from foundation.errors import GreenroomError, InputError, NotFoundError
from foundation.jsontypes import Json, JsonObject


@dataclass(frozen=True)
class RegistryAction:
    """A short action. `invoke` runs in a worker thread, gets checked input, and gives what `output` describes.

    `name` is without the plugin's id: the registry offers it as `<plugin id>:<name>`. `input` and `output` are
    JSON Schemas of objects. An action that is `read_only` and not `destructive` also runs in a dry run.
    """

    name: str
    title: str
    description: str
    input: JsonObject
    output: JsonObject
    invoke: Callable[[JsonObject, Caller], JsonObject]
    examples: Sequence[JsonObject] = ()
    read_only: bool = True
    destructive: bool = False
    idempotent: bool = True


class ActionsRegistry:
    """The actions of one plugin. `listing` is the answer to a look-up, serialised once: it is asked at every step."""

    def __init__(self, plugin_id: str, actions: Sequence[RegistryAction]) -> None:
        self._actions = {f"{plugin_id}:{action.name}": action for action in actions}
        self._inputs = {key: Schema(action.input) for key, action in self._actions.items()}
        self._outputs = {key: Schema(action.output) for key, action in self._actions.items()}
        entries = [describe(plugin_id, action) for action in actions]
        self.listing = json.dumps({"actions": entries}, separators=(",", ":")).encode()

    def invoke(self, action_id: str, given: Json, caller: Caller) -> JsonObject:
        """Check the input, run the action, check the output.

        Raises NotFoundError for an unknown id and InputError with every fault of the input.
        """
        action = self._actions.get(action_id)
        if action is None:
            known = ", ".join(self._actions) or "none"
            raise NotFoundError(f'There is no action "{action_id[:100]}".', remedy=f"Known here: {known}.")
        if faults := self._inputs[action_id].faults(given):
            raise InputError(f"The input of {action_id} is wrong: {'; '.join(faults)}.")
        assert isinstance(given, Mapping)  # noqa: S101  # an action's input schema is that of an object
        output = action.invoke(given, caller)
        if faults := self._outputs[action_id].faults(output):
            raise GreenroomError(f"The output of {action_id} does not fit its own schema: {'; '.join(faults)}.")
        return output


def describe(plugin_id: str, action: RegistryAction) -> dict[str, Json]:
    """The action as the registry lists it."""
    described: dict[str, Json] = {
        "id": f"{plugin_id}:{action.name}",
        "name": action.name,
        "title": action.title,
        "description": action.description,
        "pluginId": plugin_id,
        "attributes": {
            "readOnly": action.read_only,
            "destructive": action.destructive,
            "idempotent": action.idempotent,
        },
        "schema": {"input": action.input, "output": action.output},
    }
    if action.examples:
        described["examples"] = list(action.examples)
    return described
