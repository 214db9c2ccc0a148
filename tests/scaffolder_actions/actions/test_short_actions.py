"""The actions of the registry: validate and render a service document."""

from __future__ import annotations

from typing import Any, cast

import pytest
import yaml

from foundation.backstage.caller import Caller
from foundation.errors import InputError
from foundation.settings import PlatformSettings
from scaffolder_actions.actions.render_service import render_service
from scaffolder_actions.actions.validate_service import validate_service
from tests.scaffolder_actions.conftest import DOCUMENT

WHO = Caller("user:default/ann", "user", "user:default/ann")


def test_a_right_document(platform: PlatformSettings) -> None:
    """A document that can be used comes back with every default filled in."""
    output = cast("Any", validate_service(platform).for_registry().invoke({"document": DOCUMENT}, WHO))
    assert (output["valid"], output["problems"]) == (True, [])
    assert output["service"]["deployment"]["replicas"] == {"min": 2, "max": 4}


def test_a_wrong_document(platform: PlatformSettings) -> None:
    """A wrong document is no error of the call: it gives every problem with its place."""
    wrong = DOCUMENT.replace("language: python", "langage: python").replace("min: 2", "min: 12")
    output = cast("Any", validate_service(platform).for_registry().invoke({"document": wrong}, WHO))
    assert output["valid"] is False
    assert [each["line"] for each in output["problems"]] == [7, 10]
    assert all(each["file"] == "service.yaml" and each["message"] for each in output["problems"])


@pytest.mark.parametrize("document", ["", "a: [", "[" * 2000, "a: &a [*a]", "\0", "- 1\n- 2"])
def test_what_is_no_document(document: str, platform: PlatformSettings) -> None:
    """Whatever is sent, there is an answer."""
    output = cast("Any", validate_service(platform).for_registry().invoke({"document": document}, WHO))
    assert output["valid"] is False
    assert output["problems"]


def test_renders(platform: PlatformSettings) -> None:
    """The objects of an environment, as files, at a version."""
    given = {"document": DOCUMENT, "environment": "staging", "version": "1.4.2"}
    files = cast("dict[str, str]", render_service(platform).for_registry().invoke(given, WHO)["files"])
    assert all(path.startswith("staging/") for path in files)
    deployment = yaml.safe_load(files["staging/deployment.yaml"])
    assert deployment["spec"]["template"]["spec"]["containers"][0]["image"].endswith("commerce/order-api:1.4.2")


def test_renders_no_other_environment(platform: PlatformSettings) -> None:
    """An environment that the document does not name is wrong input."""
    with pytest.raises(InputError, match='does not run in "production"'):
        render_service(platform).for_registry().invoke({"document": DOCUMENT, "environment": "production"}, WHO)
