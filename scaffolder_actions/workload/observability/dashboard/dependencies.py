"""Panels of what the service has at AWS."""

from __future__ import annotations

from scaffolder_actions.workload.observability.alerts.caches import NODE
from scaffolder_actions.workload.observability.alerts.databases import INSTANCE
from scaffolder_actions.workload.observability.alerts.queues import DEAD_LETTERS, OTHERS, QUEUE
from scaffolder_actions.workload.observability.dashboard.panels import HALF, Panel, graph
from scaffolder_actions.workload.observability.dashboard.shape import Shape
from scaffolder_actions.workload.observability.series import Series


def database_panels(shape: Shape, series: Series) -> list[Panel]:
    """One line for each database."""
    if "postgresql" not in shape.dependencies:
        return []

    def each(metric: str, how: str = "max", legend: str = "") -> dict[str, str]:
        return {f"{{{{{INSTANCE}}}}}{legend}": f"{how} by ({INSTANCE}) (aws_rds_{metric}{{{series.cloud}}})"}

    latency = {**each("read_latency_average", legend=" read"), **each("write_latency_average", legend=" write")}
    return [
        graph("Processors", "How busy the instance is.", "percent", each("cpuutilization_average"), highest=100),
        graph("Connections", "Open connections.", "short", each("database_connections_average")),
        graph("Free storage", "At none the database stops.", "bytes", each("free_storage_space_average", "min")),
        graph("Disk latency", "How long the disk takes to read and to write.", "s", latency),
    ]


def cache_panels(shape: Shape, series: Series) -> list[Panel]:
    """One line for each node."""
    if "redis" not in shape.dependencies:
        return []

    def each(metric: str) -> dict[str, str]:
        return {f"{{{{{NODE}}}}}": f"max by ({NODE}) (aws_elasticache_{metric}{{{series.cloud}}})"}

    memory, busy = each("database_memory_usage_percentage_average"), each("engine_cpuutilization_average")
    panels = [
        graph("Memory", "How full the cache is.", "percent", memory, highest=100),
        graph("Processor", "How busy the one processor is that Redis works on.", "percent", busy, highest=100),
        graph(
            "Hits",
            "The share of look-ups that found something.",
            "percent",
            each("cache_hit_rate_average"),
            highest=100,
        ),
        graph("Evictions", "Entries dropped for want of room.", "short", each("evictions_sum")),
    ]
    if shape.cache_replicas:
        lag = each("replication_lag_average")
        panels.append(graph("Replica lag", "How far replicas are behind the primary.", "s", lag, span=HALF))
    return panels


def queue_panels(shape: Shape, series: Series) -> list[Panel]:
    """One line for each queue; what was given up has a panel of its own."""
    if "sqs" not in shape.dependencies:
        return []

    def each(metric: str, which: str, legend: str = "") -> dict[str, str]:
        chosen = f"{series.cloud},{which}"
        return {f"{{{{{QUEUE}}}}}{legend}": f"max by ({QUEUE}) (aws_sqs_{metric}{{{chosen}}})"}

    visible = "approximate_number_of_messages_visible_maximum"
    through = {
        **each("number_of_messages_sent_sum", OTHERS, " sent"),
        **each("number_of_messages_deleted_sum", OTHERS, " done"),
    }
    oldest = each("approximate_age_of_oldest_message_maximum", OTHERS)
    return [
        graph("Oldest message", "How long it has waited.", "s", oldest),
        graph("Waiting", "Messages that nobody works on yet.", "short", each(visible, OTHERS)),
        graph("Throughput", "Messages that came, and that were worked on.", "short", through),
        graph("Given up", "Messages that failed too often.", "short", each(visible, DEAD_LETTERS)),
    ]
