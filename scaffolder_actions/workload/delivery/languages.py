"""How the tests of a service are run, by the language that it is written in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import indent

from foundation.jsontypes import JsonObject
from foundation.service import Service
from scaffolder_actions.workload.delivery.pins import pins
from scaffolder_actions.workload.delivery.steps import action, run, script

# Languages that are another's own: one package manager, one way of testing.
_SAME = {"typescript": "node", "javascript": "node", "nodejs": "node", "golang": "go", "kotlin": "java"}
# Of these frameworks, the command that finds the tests is the framework's own.
_BY_FRAMEWORK = {"django": "test-django"}
_MAKE = """\
if grep --quiet --extended-regexp '^test:' Makefile 2> /dev/null; then
  if grep --quiet --extended-regexp '^lint:' Makefile; then
    make lint
  fi
  make test
"""


@dataclass(frozen=True)
class Language:
    """`setup` puts the language in place; `script` is the name of the script that tests where no Makefile does."""

    setup: Sequence[JsonObject]
    script: str


def test_steps(service: Service) -> Sequence[JsonObject]:
    """The steps that run the tests: `make test` where there is one, else as the language has it."""
    language = _language(service)
    if language is None:
        return [run("Test", "make test\n")]
    return [*language.setup, run("Test", _with_make(script(language.script)))]


def _language(service: Service) -> Language | None:
    runtimes = pins().runtimes
    name = _SAME.get(service.language or "", service.language)
    if name == "python":
        # Without a version it takes the one of .python-version, and else the runner's.
        setup = action("Set up Python", "actions/setup-python")
        return Language([setup], _BY_FRAMEWORK.get(service.framework or "", "test-python"))
    if name == "node":
        # A cache that other branches fill is nothing to build on.
        given: JsonObject = {"node-version": runtimes["node"], "package-manager-cache": False}
        return Language([action("Set up Node.js", "actions/setup-node", given)], "test-node")
    if name == "go":
        given = {"go-version-file": "go.mod", "cache": False}
        return Language([action("Set up Go", "actions/setup-go", given)], "test-go")
    if name == "java":
        given = {"distribution": "temurin", "java-version": runtimes["java"]}
        return Language([action("Set up Java", "actions/setup-java", given)], "test-java")
    return None


def _with_make(own: str) -> str:
    """The team's own targets where there are any: nobody knows better how its tests are run."""
    return f"{_MAKE}else\n{indent(own, '  ')}fi\n"
