from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from catalog_provider.entities.template import golden_path_template
from foundation.golden_path import GoldenPath, load_golden_path, validate_values

from .samples import ORIGIN

COOKIECUTTERS = Path(__file__).parents[3] / "cookiecutters"


@pytest.fixture
def golden_path() -> GoldenPath:
    return load_golden_path(COOKIECUTTERS / "python-service")


@pytest.fixture
def template(golden_path: GoldenPath) -> Any:
    return golden_path_template(golden_path, ORIGIN, namespace="default")


def test_the_card_says_what_one_gets_and_how_long_it_takes(template: Any, golden_path: GoldenPath) -> None:
    """Title and description choose between golden paths."""
    assert template["metadata"]["title"] == golden_path.title
    assert all(each in template["metadata"]["description"] for each in golden_path.gives)
    assert "about 5 minutes" in template["metadata"]["description"]
    assert template["spec"]["owner"] == f"group:default/{golden_path.owner}"


def test_the_form_asks_first_for_what_cannot_be_known(template: Any, golden_path: GoldenPath) -> None:
    """Required fields are on the first page, in order, with examples, rules and the cursor in the first."""
    asked, chosen, _ = template["spec"]["parameters"]
    assert asked["required"] == [each.name for each in golden_path.fields if each.required]
    name = asked["properties"]["name"]
    assert name["ui:autofocus"] is True
    assert name["ui:placeholder"] == "payment-api"
    assert name["errorMessage"]["pattern"].startswith("Use a name of lower-case letters")
    assert asked["properties"]["team"]["ui:field"] == "OwnerPicker"
    assert chosen["properties"]["database"]["enum"] == ["none", "small", "medium", "large"]
    assert chosen["properties"]["database"]["enumNames"] == ["None", "Small", "Medium", "Large"]


def test_the_form_ends_with_what_would_be_created(template: Any, golden_path: GoldenPath) -> None:
    """The last page asks for nothing, and tells the portal's field what to render: every value, and no more."""
    (preview,) = template["spec"]["parameters"][-1]["properties"].values()
    assert preview["ui:field"] == "GreenroomPlanPreview"
    assert preview["ui:options"] == {
        "goldenPath": "python-service",
        "fields": [each.name for each in golden_path.fields],
        "environment": "staging",
    }
    assert "required" not in template["spec"]["parameters"][-1]


def test_the_form_is_json_schema_that_takes_what_the_golden_path_takes(template: Any, golden_path: GoldenPath) -> None:
    """What the form lets through is what rendering accepts."""
    values = {"name": "payment-api", "team": "commerce", "description": "Takes payments.", "database": "small"}
    assert validate_values(golden_path, values)
    for page in template["spec"]["parameters"]:
        Draft7Validator.check_schema(page)
        assert not list(Draft7Validator(page).iter_errors(values))
    asked = Draft7Validator(template["spec"]["parameters"][0])
    assert {error.path[0] for error in asked.iter_errors({**values, "name": "No!"})} == {"name"}


def test_every_value_reaches_the_renderer(template: Any, golden_path: GoldenPath) -> None:
    """Each field of the golden path is handed on, the team by its name."""
    render, publish, register, deploy = template["spec"]["steps"]
    assert set(render["input"]["values"]) == {each.name for each in golden_path.fields}
    assert render["input"]["values"]["name"] == "${{ parameters.name }}"
    assert "pick('name')" in render["input"]["values"]["team"]
    assert publish["input"]["owner"] == render["input"]["values"]["team"]
    assert register["input"] == {"repositoryUrl": "${{ steps['publish'].output.repositoryUrl }}"}
    assert deploy["input"] == {"environment": "staging"}


def test_references_lead_to_steps_that_are_there(template: Any) -> None:
    """No expression asks for a step that does not exist."""
    known = {step["id"] for step in template["spec"]["steps"]}
    assert set(re.findall(r"steps\['([^']+)'\]", str(template["spec"]))) <= known
