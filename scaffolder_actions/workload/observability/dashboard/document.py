"""A dashboard of one shape, built with Grafana's SDK."""

from __future__ import annotations

from grafana_foundation_sdk.builders.dashboard import Dashboard, DashboardLink, DatasourceVariable, Row
from grafana_foundation_sdk.models import dashboard as models

from scaffolder_actions.workload.observability.dashboard.annotations import alerts, versions
from scaffolder_actions.workload.observability.dashboard.dependencies import (
    cache_panels,
    database_panels,
    queue_panels,
)
from scaffolder_actions.workload.observability.dashboard.objectives import objective_panels
from scaffolder_actions.workload.observability.dashboard.panels import DATASOURCE, Panel
from scaffolder_actions.workload.observability.dashboard.requests import request_panels
from scaffolder_actions.workload.observability.dashboard.running import job_panels, pod_panels
from scaffolder_actions.workload.observability.dashboard.shape import Shape
from scaffolder_actions.workload.observability.series import Series


def mark(word: str) -> str:
    """Where a word of the workload goes."""
    return f"<<{word}>>"


def build(shape: Shape) -> models.Dashboard:
    """The dashboard, with marks in place of words. It carries no `id` and no `version`, which are Grafana's own."""
    series = Series(mark("name"), mark("namespace"), mark("environment"), mark("unasked"))
    built = (
        Dashboard(mark("title"))
        .uid(mark("uid"))
        .description("Made by Greenroom from the service's document; changes here are overwritten.")
        .tags(["greenroom", mark("name"), mark("namespace"), mark("environment")])
        # Copies may be changed; this one would be overwritten.
        .readonly()
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
        .timezone("browser")
        # Long enough to see the last roll-out, short enough to see a peak.
        .time("now-6h", "now")
        .refresh("1m")
        .with_variable(DatasourceVariable(DATASOURCE).label("Prometheus").type("prometheus"))
        .annotation(alerts(series))
    )
    if shape.deployed:
        built.annotation(versions(series))
    for index in range(shape.links):
        built.link(_link(index))
    for title, panels in _rows(shape, series).items():
        _add(built, title, panels)
    return _numbered(built.build())


def _rows(shape: Shape, series: Series) -> dict[str, list[Panel]]:
    rows = {
        "Objectives": objective_panels(shape, series),
        "Requests": request_panels(shape, series),
        "Runs": job_panels(shape, series),
        "Pods": pod_panels(shape, series),
        "Database": database_panels(shape, series),
        "Cache": cache_panels(shape, series),
        "Queue": queue_panels(shape, series),
    }
    return {title: panels for title, panels in rows.items() if panels}


def _add(built: Dashboard, title: str, panels: list[Panel]) -> None:
    built.with_row(Row(title))
    for panel in panels:
        built.with_panel(panel)


def _numbered(document: models.Dashboard) -> models.Dashboard:
    """Panels with numbers, by which addresses name them."""
    for number, panel in enumerate(document.panels or [], start=1):
        panel.id_val = number
    return document


def _link(index: int) -> DashboardLink:
    return (
        DashboardLink(mark(f"title {index}"))
        .type(models.DashboardLinkType.LINK)
        .icon("external link")
        .url(mark(f"url {index}"))
        .target_blank(True)
    )
