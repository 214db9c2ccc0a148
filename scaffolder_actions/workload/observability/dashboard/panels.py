"""The two kinds of panels: a graph over time, and a figure of now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.models import common as common_models
from grafana_foundation_sdk.models import dashboard as models

Panel: TypeAlias = "timeseries.Panel | stat.Panel"

# The variable by which people choose a Prometheus.
DATASOURCE = "datasource"
# The grid has 24 columns; a row of it is 30 pixels and a gap.
QUARTER, HALF = 6, 12
_GRAPH_HEIGHT = 8


def graph(
    title: str,
    about: str,
    unit: str,
    queries: Mapping[str, str],
    *,
    span: int = QUARTER,
    limits: Mapping[float, str] | None = None,
    highest: float | None = None,
) -> Panel:
    """Expressions over time by the legend of their lines.

    `limits` are values that are drawn as lines, with their colours. `highest` is where the axis ends.
    """
    panel = timeseries.Panel().title(title).description(about).unit(unit).span(span).height(_GRAPH_HEIGHT)
    panel.datasource(source()).min(0).legend(_legend()).tooltip(_tooltip())
    # A gap is a gap: a line across it would claim what nobody measured.
    panel.line_width(1).fill_opacity(10).show_points(common_models.VisibilityMode.NEVER).span_nulls(False)
    if highest is not None:
        panel.max(highest)
    if limits:
        panel.thresholds(_thresholds("transparent", limits))
        panel.thresholds_style(common.GraphThresholdsStyleConfig().mode(common_models.GraphTresholdsStyleMode.DASHED))
    for index, (legend, expression) in enumerate(queries.items()):
        panel.with_target(_query(index, expression).legend_format(legend).range())
    return panel


def figure(
    title: str, about: str, unit: str, expression: str, *, span: int = QUARTER, limits: Mapping[float, str]
) -> Panel:
    """One number as it is now, red below the lowest of `limits` and then in their colours."""
    panel = stat.Panel().title(title).description(about).unit(unit).span(span).height(_GRAPH_HEIGHT)
    panel.datasource(source()).no_value("No data").thresholds(_thresholds("red", limits))
    panel.graph_mode(common_models.BigValueGraphMode.AREA).color_mode(common_models.BigValueColorMode.VALUE)
    panel.reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    return panel.with_target(_query(0, expression).range())


def source() -> models.DataSourceRef:
    """The data source that people chose."""
    return models.DataSourceRef(type_val="prometheus", uid=f"${{{DATASOURCE}}}")


def _query(index: int, expression: str) -> prometheus.Dataquery:
    return prometheus.Dataquery().expr(expression).ref_id("ABCDEFGH"[index])


def _thresholds(lowest: str, limits: Mapping[float, str]) -> dashboard.ThresholdsConfig:
    steps = [models.Threshold(value=None, color=lowest)]
    steps += [models.Threshold(value=value, color=colour) for value, colour in limits.items()]
    return dashboard.ThresholdsConfig().mode(models.ThresholdsMode.ABSOLUTE).steps(steps)


def _legend() -> common.VizLegendOptions:
    return (
        common.VizLegendOptions()
        .display_mode(common_models.LegendDisplayMode.LIST)
        .placement(common_models.LegendPlacement.BOTTOM)
        .show_legend(True)
        .calcs([])
    )


def _tooltip() -> common.VizTooltipOptions:
    return (
        common.VizTooltipOptions().mode(common_models.TooltipDisplayMode.MULTI).sort(common_models.SortOrder.DESCENDING)
    )
