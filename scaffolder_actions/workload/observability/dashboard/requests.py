"""Panels of the golden signals: traffic, errors, latency; saturation is the fourth."""

from __future__ import annotations

from scaffolder_actions.workload.observability.alerts.saturation import memory_use, processor_use
from scaffolder_actions.workload.observability.dashboard.panels import Panel, graph
from scaffolder_actions.workload.observability.dashboard.shape import Shape
from scaffolder_actions.workload.observability.series import REQUEST_DURATION, Series


def request_panels(shape: Shape, series: Series) -> list[Panel]:
    """Without the platform's own probes, as in the objectives."""
    if not shape.measured:
        return []
    return [_traffic(series), _errors(series), _latency(series), _saturation(series)]


def _rate(series: Series, more: str = "") -> str:
    return f"rate({REQUEST_DURATION}_count{{{series.requests}{more}}}[$__rate_interval])"


def _traffic(series: Series) -> Panel:
    return graph(
        "Traffic",
        "Requests a second, by the status of their answer.",
        "reqps",
        {"{{http_response_status_code}}": f"sum by (http_response_status_code) ({_rate(series)})"},
    )


def _errors(series: Series) -> Panel:
    failed = _rate(series, ',http_response_status_code=~"5.."')
    return graph(
        "Errors",
        "The share of requests that failed on the service's side (5xx).",
        "percentunit",
        {"failed": f"(sum({failed}) or on () 0 * sum({_rate(series)}))\n/ (sum({_rate(series)}) > 0)"},
    )


def _latency(series: Series) -> Panel:
    buckets = f"sum by (le) (rate({REQUEST_DURATION}_bucket{{{series.requests}}}[$__rate_interval]))"
    return graph(
        "Latency",
        "Half, 95% and 99% of the requests are answered within this time.",
        "s",
        {f"p{percent}": f"histogram_quantile({percent / 100:g}, {buckets})" for percent in (50, 95, 99)},
    )


def _saturation(series: Series) -> Panel:
    return graph(
        "Saturation",
        "Processors as a share of what is requested, and the fullest pod's memory as a share of its limit.",
        "percentunit",
        {"processors": processor_use(series), "memory": f"max(\n{memory_use(series)}\n)"},
    )
