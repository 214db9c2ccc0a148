"""What holds for every action: its schemas are schemas, its examples fit them, its names are its own."""

from __future__ import annotations

import pytest
import yaml
from jsonschema import Draft202012Validator

from foundation.settings import Settings
from scaffolder_actions.actions.catalogue import all_actions
from scaffolder_actions.actions.model import Action
from scaffolder_actions.golden_paths import GoldenPathRenderer

ACTIONS = all_actions(Settings(), GoldenPathRenderer())


@pytest.fixture(params=list(ACTIONS))
def action(request: pytest.FixtureRequest) -> Action:
    return ACTIONS[request.param]


def test_ids() -> None:
    """The ids that templates and the command know."""
    assert {key: (each.offered_as, each.workspace) for key, each in ACTIONS.items()} == {
        "platform:validate-service": ("registry", "none"),
        "platform:render-service": ("registry", "none"),
        "platform:plan-service": ("registry", "none"),
        "platform:describe-service": ("registry", "none"),
        "platform:preview-golden-path": ("registry", "none"),
        "greenroom:golden-path:render": ("run", "write"),
        "greenroom:repository:publish": ("run", "read"),
        "greenroom:catalog:register": ("run", "none"),
        "greenroom:service:upgrade": ("run", "none"),
        "greenroom:service:apply": ("run", "read"),
        "greenroom:service:delete": ("run", "none"),
    }


def test_schemas(action: Action) -> None:
    """Input and output are schemas of closed and of described objects."""
    for schema in (action.input, action.output):
        Draft202012Validator.check_schema(dict(schema))
        assert schema["type"] == "object"
        properties = schema["properties"]
        assert isinstance(properties, dict)
        assert all("description" in each for each in properties.values())
    assert action.input["additionalProperties"] is False


def test_examples(action: Action) -> None:
    """There is an example, each fits the schema, and a run's is a template's step that can be copied."""
    assert action.examples
    for example in action.examples:
        action.check(example.input)
    if action.offered_as == "run":
        manifest = action.manifest()
        assert isinstance(manifest["examples"], list)
        for shown, example in zip(manifest["examples"], action.examples, strict=True):
            assert isinstance(shown, dict)
            (step,) = yaml.safe_load(str(shown["example"]))["steps"]
            assert (step["action"], step["input"]) == (action.id, example.input)


def test_every_action_has_a_plan(action: Action) -> None:
    """Whatever has an effect can say before what it would be."""
    assert action.plan is not None
    assert action.read_only == (action.offered_as == "registry")


def test_every_fault_of_an_input_is_named() -> None:
    """One answer names all that is wrong."""
    action = ACTIONS["greenroom:repository:publish"]
    with pytest.raises(ValueError, match="owner") as raised:
        action.check({"name": "a/b", "owner": "", "more": 1})
    for part in ("name:", "owner:", "more"):
        assert part in str(raised.value)
