"""Where the time series of a workload are found, and how PromQL is written for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from scaffolder_actions.workload.identity import Workload

# What OpenTelemetry's semantic conventions call `http.server.request.duration`, as exported to Prometheus.
REQUEST_DURATION = "http_server_request_duration_seconds"
# Where metrics are offered; requests for it are not users'.
METRICS_PATH = "/metrics"
# The container that is the service's own; others are put beside it by meshes and agents.
CONTAINER = "app"
# Seconds of a minute, an hour and a day: time in Prometheus is counted in seconds.
MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Series:
    """What selects a workload's series: each property stands between the braces of a selector.

    `unasked` is a pattern of the paths that only the platform asks for.
    """

    name: str
    namespace: str
    environment: str
    unasked: str

    @property
    def scraped(self) -> str:
        """What the service offers itself, see `scraping`."""
        return f'namespace="{self.namespace}",job="{self.name}"'

    @property
    def requests(self) -> str:
        """Requests of users: probes come every few seconds and never fail, which would pass for good traffic."""
        return f'{self.scraped},http_route!~"{self.unasked}"'

    @property
    def deployment(self) -> str:
        return f'namespace="{self.namespace}",deployment="{self.name}"'

    @property
    def autoscaler(self) -> str:
        return f'namespace="{self.namespace}",horizontalpodautoscaler="{self.name}"'

    @property
    def cron_job(self) -> str:
        return f'namespace="{self.namespace}",cronjob="{self.name}"'

    @property
    def pods(self) -> str:
        """The pods of the Deployment: a hash of up to ten characters, and five that are random.

        `order` does not match the pods of `order-api`.
        """
        return f'namespace="{self.namespace}",pod=~"{self.name}-[a-z0-9]{{1,10}}-[a-z0-9]{{5}}"'

    @property
    def containers(self) -> str:
        return f'{self.pods},container="{CONTAINER}"'

    @property
    def cloud(self) -> str:
        """What the workload has at AWS, by the tags of its stack."""
        return f'tag_service="{self.name}",tag_environment="{self.environment}"'

    @property
    def own(self) -> str:
        """What the workload's own rules record, and the alerts that they raise."""
        return f'namespace="{self.namespace}",service="{self.name}",environment="{self.environment}"'

    def quiet_while(self, alert: str) -> str:
        """The end of an expression that says nothing while `alert` of the same workload fires."""
        return f'unless on () ALERTS{{alertname="{alert}",alertstate="firing",{self.own}}}'


def series_of(workload: Workload) -> Series:
    """The series of `workload`."""
    probes = workload.service.probes
    unasked = dict.fromkeys((probes.path, probes.liveness_path, METRICS_PATH))
    return Series(workload.name, workload.namespace, workload.environment, "|".join(map(literal_pattern, unasked)))


def number(value: Decimal) -> str:
    """The number without exponent and without zeros at its end: 0.001, and 14.4 for 14.40."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def literal_pattern(text: str) -> str:
    """A regular expression that matches `text` alone, as it stands inside of a PromQL string."""
    return re.sub(r"([^A-Za-z0-9_/~-])", r"\\\\\1", text)
