"""One alert: what is wrong, how it is seen, and who has to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from foundation.jsontypes import Json, JsonObject
from foundation.service import PRODUCTION
from scaffolder_actions.workload.identity import Workload


@dataclass(frozen=True)
class Alert:
    """An alert in PromQL and in words.

    `name` is the same for every service, and the heading of its section in a runbook. `summary` says what is wrong,
    `description` what that means and where to look; both are Prometheus templates. It fires after `minutes` on end.
    `urgent` is what nobody may sleep through in production.
    """

    name: str
    expression: str
    summary: str
    description: str
    urgent: bool = False
    minutes: int = 0

    def rule(self, workload: Workload) -> JsonObject:
        """The rule of a PrometheusRule, with all that an alert must carry."""
        held: Mapping[str, Json] = {"for": f"{self.minutes}m"} if self.minutes else {}
        # A platform without Grafana has no page to lead to.
        page = _as_template(workload.link(workload.platform.dashboard_url))
        return {
            "alert": self.name,
            "expr": self.expression,
            **held,
            "labels": {"severity": self._severity(workload), **ownership(workload)},
            "annotations": {
                "summary": self.summary,
                "description": self.description,
                "runbook_url": _as_template(_runbook(workload, self.name)),
                **({"dashboard_url": page} if page else {}),
            },
        }

    def _severity(self, workload: Workload) -> str:
        """`page` wakes somebody, `ticket` waits for the morning. Nobody is woken for anything but production."""
        return "page" if self.urgent and workload.environment == PRODUCTION else "ticket"


def ownership(workload: Workload) -> dict[str, str]:
    """Labels that say whose a series or an alert is."""
    return {
        "team": workload.service.team,
        "service": workload.name,
        "environment": workload.environment,
        "namespace": workload.namespace,
    }


def _runbook(workload: Workload, alert: str) -> str:
    runbook = workload.service.runbook or ""
    if runbook.startswith(("https://", "http://")):
        return runbook
    # MkDocs makes this anchor of a heading that is the alert's name.
    return f"{workload.link(workload.platform.runbook_url)}#{alert.lower()}"


def _as_template(text: str) -> str:
    """The template that Prometheus expands to `text`, whatever stands in it."""
    return text.replace("{{", '{{ "{{" }}')
