"""What happened, marked on every graph: versions that came, and alerts."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import AnnotationQuery
from grafana_foundation_sdk.models import dashboard as models

from scaffolder_actions.workload.observability.dashboard.panels import source
from scaffolder_actions.workload.observability.series import Series


class _Text(models.AnnotationQuery):
    """An annotation with the words that Grafana's Prometheus data source reads; the SDK's model has no place for them."""

    words: str = ""

    def to_json(self) -> dict[str, object]:
        return {**super().to_json(), "titleFormat": self.words}


def versions(series: Series) -> AnnotationQuery:
    """An image that was not there five minutes ago, forwards and back; scaling brings none."""
    images = f"kube_pod_container_info{{{series.containers}}}"
    expression = f"count by (image) ({images}) unless on (image) count by (image) ({images} offset 5m)"
    return _annotation("Versions", "{{image}}", "blue", expression)


def alerts(series: Series) -> AnnotationQuery:
    """Each alert of the workload while it fires."""
    firing = f'ALERTS{{{series.own},alertstate="firing"}}'
    return _annotation("Alerts", "{{alertname}}", "red", f"max by (alertname) ({firing})")


def _annotation(name: str, words: str, colour: str, expression: str) -> AnnotationQuery:
    annotation = _Text()
    annotation.words = words
    builder = AnnotationQuery()
    builder._internal = annotation  # noqa: SLF001  the SDK offers no other way to a model of one's own
    return builder.name(name).datasource(source()).enable(True).icon_color(colour).expr(expression)
