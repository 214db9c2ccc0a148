"""The first runbook of a service: a section for each of its alerts, under the heading that the alert links to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import cast

import yaml

from foundation.service import Service
from foundation.service.pages import filled
from foundation.settings import PlatformSettings
from scaffolder_actions.workload.identity import workload_of
from scaffolder_actions.workload.observability import Alert, alerts_of

# Alerts are the same for every version.
_ANY_VERSION = "0.0.0"


def runbook(service: Service, settings: PlatformSettings) -> str:
    """The page in Markdown. MkDocs makes the anchor of a section out of its heading, the alert's name."""
    return "\n".join(_lines(service, settings))


def _lines(service: Service, settings: PlatformSettings) -> Iterator[str]:
    yield "# Runbook\n"
    yield f"What to do when {service.name} is unwell. Each alert leads to its section here; write down what helped.\n"
    if pages := list(_pages(service, settings)):
        yield "| environment | what it shows |\n| --- | --- |"
        yield from pages
        yield ""
    yield "## Look at it\n"
    yield _block(f"greenroom health {service.name}\nkubectl get pods -n {service.team} -l {_LABEL}={service.name}")
    yield "## Go back to the version before\n"
    yield (
        "What an environment runs stands at the end of `deploy/<environment>/kubernetes/kustomization.yaml`. Revert the "
        "commit that put it there: the version before is deployed like any other, and nothing brings the new one back.\n"
    )
    for alert in _alerts(service, settings):
        yield from _section(alert, service)


def _pages(service: Service, settings: PlatformSettings) -> Iterator[str]:
    for environment in service.environments:
        links = {"dashboard": settings.dashboard_url, "logs": settings.logs_url}
        found = [f"[{title}]({filled(url, service, environment)})" for title, url in links.items() if url]
        if found:
            yield f"| {environment} | {', '.join(found)} |"


def _alerts(service: Service, settings: PlatformSettings) -> Iterator[Alert]:
    """Each kind of alert that any environment has, once."""
    told = set()
    for environment in service.environments:
        workload = workload_of(service, environment, _ANY_VERSION, settings)
        for alert in (each for group in alerts_of(workload).values() for each in group):
            if alert.name not in told:
                told.add(alert.name)
                yield alert


def _section(alert: Alert, service: Service) -> Iterator[str]:
    words = _words()[alert.name]
    yield f"## {alert.name}\n"
    yield f"{filled(words['means'], service)}\n"
    yield _block(filled(words["look"], service))
    yield f"{filled(words['do'], service)}\n"


def _block(text: str) -> str:
    return f"```sh\n{text}\n```\n"


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    text = resources.files(__package__).joinpath("runbook.yaml").read_text(encoding="utf-8")
    return cast("Mapping[str, Mapping[str, str]]", yaml.safe_load(text))


_LABEL = "app.kubernetes.io/name"
