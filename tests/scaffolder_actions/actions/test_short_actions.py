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


def test_what_only_compiling_finds(platform: PlatformSettings) -> None:
    """A patch that hits nothing is a problem of the document as any other, with its place and its page."""
    wrong = DOCUMENT + "  patches:\n    - target: {kind: Deploymen}\n      merge: {spec: {paused: true}}\n"
    output = cast("Any", validate_service(platform).for_registry().invoke({"document": wrong}, WHO))
    assert output["valid"] is False
    (problem,) = output["problems"]
    assert problem["line"] == 12
    assert "hits nothing" in problem["message"]


def test_renders_everything(platform: PlatformSettings) -> None:
    """The whole tree: each environment, and what all of them share."""
    files = cast("dict[str, str]", render_service(platform).for_registry().invoke({"document": DOCUMENT}, WHO)["files"])
    assert "deploy/staging/kubernetes/kustomization.yaml" in files
    assert any(not path.startswith("deploy/") for path in files)


def test_renders_an_environment(platform: PlatformSettings) -> None:
    """The files of one environment alone; the version stands in its kustomization."""
    given = {"document": DOCUMENT, "environment": "staging", "version": "1.4.2"}
    files = cast("dict[str, str]", render_service(platform).for_registry().invoke(given, WHO)["files"])
    assert all(path.startswith("deploy/staging/") for path in files)
    kustomization = yaml.safe_load(files["deploy/staging/kubernetes/kustomization.yaml"])
    assert kustomization["images"] == [{"name": "registry.localhost/commerce/order-api", "newTag": "1.4.2"}]
    assert "1.4.2" not in files["deploy/staging/kubernetes/deployment.yaml"]


def test_renders_no_other_environment(platform: PlatformSettings) -> None:
    """An environment that the document does not name is wrong input."""
    with pytest.raises(InputError, match='does not run in "production"'):
        render_service(platform).for_registry().invoke({"document": DOCUMENT, "environment": "production"}, WHO)
