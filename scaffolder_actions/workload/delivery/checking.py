"""The jobs that look at a change before anything is made of it: its document, its tests, its code, its history."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

from foundation.jsontypes import JsonObject
from foundation.service import Service
from foundation.settings import PlatformSettings
from scaffolder_actions.workload.delivery.languages import test_steps
from scaffolder_actions.workload.delivery.pins import pins
from scaffolder_actions.workload.delivery.steps import action, checkout, job, run, script
from scaffolder_actions.workload.repository.releases import RELEASES

# Minutes. What takes longer hangs: installing and scanning take two or three, and tests that nobody waits for are not run.
_CHECK = 10
_TEST = 20
_READ = {"contents": "read"}


def document_job(settings: PlatformSettings) -> JsonObject:
    """Whether the document is valid, and what was rendered from it is what stands in the repository."""
    package = settings.command_package or f"greenroom=={_installed()}"
    env = {"GREENROOM": package, **platform_environment(settings)}
    steps = [checkout(), run("Validate and render", script("check-document"), env)]
    return job("Service document", steps, minutes=_CHECK, permissions=_READ)


@cache
def _installed() -> str:
    """The version of Greenroom; looking it up reads files, which is not worth doing for each of a thousand services."""
    return version("greenroom")


def test_job(service: Service) -> JsonObject:
    """The service's own tests."""
    return job("Tests", [checkout(), *test_steps(service)], minutes=_TEST, permissions=_READ)


def code_job() -> JsonObject:
    """What Semgrep finds in the code."""
    steps = [checkout(), run("Scan the code", script("scan-code"), {"SEMGREP": pins().tools["semgrep"]})]
    return job("Code scanning", steps, minutes=_CHECK, permissions=_READ)


def secrets_job(*, condition: str | None = None) -> JsonObject:
    """What Gitleaks finds in every commit."""
    go: JsonObject = {"go-version": pins().runtimes["go"], "cache": False}
    steps = [
        checkout(**{"fetch-depth": 0}),
        action("Set up Go", "actions/setup-go", go),
        run("Scan for secrets", script("scan-secrets"), {"GITLEAKS": pins().tools["gitleaks"]}),
    ]
    return job("Secret scanning", steps, minutes=_CHECK, permissions=_READ, condition=condition)


def platform_environment(settings: PlatformSettings) -> Mapping[str, str]:
    """The settings that the command needs to render as the platform does, where they are not its defaults."""
    given = {each.name: getattr(settings, each.name) for each in dataclasses.fields(settings)}
    default = PlatformSettings()
    different = {name: value for name, value in given.items() if value != getattr(default, name)}
    return {f"GREENROOM_PLATFORM_{name.upper()}": _text(value) for name, value in different.items()}


def _text(value: object) -> str:
    if isinstance(value, Path):
        # The one setting that is a path; it is another one there.
        return RELEASES
    return value if isinstance(value, str) else json.dumps(value)
