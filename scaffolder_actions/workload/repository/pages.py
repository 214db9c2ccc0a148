"""The first pages of a service's documentation, in the form that TechDocs builds."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from posixpath import normpath, relpath

from foundation.jsontypes import Json
from foundation.service import Dependency, Service, host_of
from foundation.service.pages import is_address
from foundation.settings import PlatformSettings
from foundation.yaml_text import as_yaml
from scaffolder_actions.workload.connections import connection_variables, service_address
from scaffolder_actions.workload.repository.runbook import runbook

# 0000 stands before whatever the team has decided or will decide.
_DECISION = "0000-record-decisions-beside-the-code.md"
_TYPES = {"postgresql": "PostgreSQL", "redis": "Redis", "s3": "an S3 bucket", "sqs": "an SQS queue"}


def documentation(service: Service, settings: PlatformSettings) -> dict[str, str]:
    """The first pages by their paths; written once, and the team's own from then on."""
    folder = normpath(service.docs)
    pages = normpath(f"{folder}/docs")
    files = {
        normpath(f"{folder}/mkdocs.yml"): _configuration(service, pages),
        f"{pages}/index.md": _overview(service, settings, pages),
        f"{pages}/decisions/{_DECISION}": _decision(),
    }
    if path := _runbook_path(service, pages):
        files[path] = runbook(service, settings)
    return files


def _runbook_path(service: Service, pages: str) -> str | None:
    """Where the runbook is; None where it is elsewhere."""
    if service.runbook and is_address(service.runbook):
        return None
    return normpath(service.runbook) if service.runbook else f"{pages}/runbook.md"


def _configuration(service: Service, pages: str) -> str:
    navigation: list[Json] = [{"Overview": "index.md"}]
    path = _runbook_path(service, pages)
    if path and path.startswith(f"{pages}/"):
        navigation.append({"Runbook": relpath(path, pages)})
    named: dict[str, Json] = {"site_name": service.title or service.name}
    if service.description:
        named["site_description"] = _line(service.description)
    return as_yaml({**named, "nav": navigation, "plugins": ["techdocs-core"]})


def _overview(service: Service, settings: PlatformSettings, pages: str) -> str:
    return "\n".join(_overview_lines(service, settings, pages))


def _overview_lines(service: Service, settings: PlatformSettings, pages: str) -> Iterator[str]:
    yield f"# {_text(service.title or service.name)}\n"
    yield f"{_text(service.description or 'What it does, in a sentence for people outside the team.')}\n"
    yield "| | |\n| --- | --- |"
    yield f"| Owner | {service.team} |"
    yield f"| Runs in | {', '.join(service.environments)} |"
    if service.type == "web":
        yield f"| Inside of the cluster | `http://{service.name}.{service.team}` |"
    for environment in service.environments:
        if host := host_of(service, environment, settings):
            prefix = service.in_environment(environment).exposure.path.rstrip("/")
            yield f"| In {environment} | <https://{host}{prefix}> |"
    path = _runbook_path(service, pages)
    if path is None:
        yield f"| When it is unwell | [runbook]({service.runbook}) |"
    elif path.startswith(f"{pages}/"):
        yield f"| When it is unwell | [runbook]({relpath(path, pages)}) |"
    if service.dependencies:
        yield ""
        yield from _dependencies(service.dependencies)
    yield ""
    yield "What the service needs stands in `service.yaml`; everything below `deploy/` is made from it.\n"


def _dependencies(dependencies: Sequence[Dependency]) -> Iterator[str]:
    yield "## What it depends on\n"
    yield "| what | how the service knows where it is |\n| --- | --- |"
    for each in dependencies:
        if each.is_managed:
            what = _TYPES[each.type] + (f" ({each.name})" if each.name != each.type else "")
            variables: Sequence[str] = connection_variables(each)
        else:
            what, variables = each.name, [service_address(each)[0]]
        yield f"| {what} | {', '.join(f'`{name}`' for name in variables)} |"


def _decision() -> str:
    return """\
# Record decisions beside the code

* Status: accepted

## Context and Problem Statement

Whoever changes this service will ask why it is as it is. Where do they find the answer?

## Considered Options

* A record beside the code for each decision that someone will ask about
* Pages of a wiki
* The memory of those who were there

## Decision Outcome

A record beside the code, in this folder, by the form of this one: the next number, a title that says what was decided,
the options, the outcome and its consequences.

### Consequences

* Good: a record is reviewed with the change that it explains, and is found from the code.
* Bad: a decision that is taken back needs a record too.
"""


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    """One line of people's own words: what they typed is not read as HTML."""
    return html.escape(_line(text), quote=False)
