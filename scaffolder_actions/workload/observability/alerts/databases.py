"""Alerts on databases, from what CloudWatch tells of them."""

from __future__ import annotations

import re

from foundation.service import Dependency
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alert import Alert
from scaffolder_actions.workload.observability.series import DAY, Series, series_of

INSTANCE = "dimension_DBInstanceIdentifier"
# Days ahead that storage is foreseen: over a long weekend and the day to act on it.
FORESEEN_DAYS = 4
# GiB: a tenth of the smallest database. At none the database stops.
LEAST_STORAGE = 2
# Percent of processor time; RDS itself suggests to act at 90.
BUSY = 90
# Seconds behind which a replica's answers are old.
LAG = 60
# The share of RDS' formula for max_connections. The memory that the formula starts from is less than the class has,
# by what the system takes, so that this is most of what there really is.
CONNECTIONS_SHARE = 0.7
# RDS' default: LEAST({DBInstanceClassMemory/9531392}, 5000).
_BYTES_A_CONNECTION, _MOST_CONNECTIONS = 9531392, 5000
# GiB of memory of the size "large" by the letter of a class, and how large the other sizes are beside it.
_LARGE = {"t": 8, "m": 8, "r": 16, "x": 32}
_SMALLER = {"micro": 0.125, "small": 0.25, "medium": 0.5, "large": 1.0, "xlarge": 2.0}
_CLASS = re.compile(r"db\.([a-z])\w+\.(?:(\d+)xlarge|(\w+))")


def database_alerts(workload: Workload) -> tuple[Alert, ...]:
    """What brings a database to a halt, foreseen where it can be."""
    databases = [each for each in workload.service.dependencies if each.type == "postgresql"]
    if not databases:
        return ()
    series = series_of(workload)
    found = (_nearly_full(workload, series), _fills_up(workload, series), _busy(workload, series))
    limits = [limit for each in databases if (limit := most_connections(instance_class(each, workload)))]
    # One rule watches all databases of the service, so the smallest one's limit is everybody's.
    connections = (_connections(workload, series, min(limits)),) if limits else ()
    return (*found, *connections, _lags(workload, series))


def instance_class(database: Dependency, workload: Workload) -> str:
    """The class that the release of the platform has for the size of `database`."""
    return workload.release.engines[database.type].sizes[str(database.size)].instance_class


def most_connections(name: str) -> int | None:
    """How many connections PostgreSQL takes on an instance class; None for a class that is not known."""
    match = _CLASS.fullmatch(name)
    if match is None:
        return None
    letter, times, size = match.groups()
    relative = 2.0 * int(times) if times else _SMALLER.get(size)
    if letter not in _LARGE or relative is None:
        return None
    return min(int(_LARGE[letter] * relative * 1024**3 / _BYTES_A_CONNECTION), _MOST_CONNECTIONS)


def _nearly_full(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="DatabaseNearlyFull",
        expression=f"min by ({INSTANCE}) (aws_rds_free_storage_space_average{{{series.cloud}}}) < {LEAST_STORAGE} * 1024^3",
        summary=f"A database of {workload.name} has next to no storage left in {workload.environment}",
        description=(
            f"{{{{ $labels.{INSTANCE} }}}} has {{{{ $value | humanize1024 }}}}B left. At none it stops. "
            "Raise its storage in the service's document, and apply it."
        ),
        urgent=True,
        minutes=5,
    )


def _fills_up(workload: Workload, series: Series) -> Alert:
    free = f"aws_rds_free_storage_space_average{{{series.cloud}}}"
    return Alert(
        name="DatabaseFillsUp",
        # The value is what is free now: what is foreseen is a number below none, which tells nobody anything.
        expression=(
            f"min by ({INSTANCE}) ({free})\n"
            f"and on ({INSTANCE}) min by ({INSTANCE}) (predict_linear({free}[1d], {FORESEEN_DAYS} * {DAY})) < 0\n"
            f"{series.quiet_while('DatabaseNearlyFull')}"
        ),
        summary=f"A database of {workload.name} will be full within {FORESEEN_DAYS} days in {workload.environment}",
        description=(
            f"{{{{ $labels.{INSTANCE} }}}} has {{{{ $value | humanize1024 }}}}B left, and at the rate of the last day "
            f"none in {FORESEEN_DAYS} days. RDS adds storage by itself, up to three times of what the document asks for; "
            "past that, delete what nobody needs, or ask for more."
        ),
        # An import or an index that is built is over by then.
        minutes=60,
    )


def _busy(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="DatabaseBusy",
        expression=f"max by ({INSTANCE}) (aws_rds_cpuutilization_average{{{series.cloud}}}) > {BUSY}",
        summary=f"A database of {workload.name} uses nearly all of its processors in {workload.environment}",
        description=(
            f"{{{{ $labels.{INSTANCE} }}}} has been {{{{ $value | printf `%.0f` }}}}% busy for 30 minutes. "
            "Performance Insights shows the queries that take the time; a larger size is a change of the document."
        ),
        # Past a vacuum or a nightly report.
        minutes=30,
    )


def _connections(workload: Workload, series: Series, most: int) -> Alert:
    limit = int(most * CONNECTIONS_SHARE)
    return Alert(
        name="DatabaseConnectionsRunOut",
        expression=f"max by ({INSTANCE}) (aws_rds_database_connections_average{{{series.cloud}}}) > {limit}",
        summary=f"A database of {workload.name} is about to refuse connections in {workload.environment}",
        description=(
            f"{{{{ $labels.{INSTANCE} }}}} has had {{{{ $value | printf `%.0f` }}}} connections for 15 minutes, "
            f"and takes hardly more than {limit}. Each pod holds a pool: make the pools smaller, or the database larger."
        ),
        # Twice what a roll-out takes, during which old and new pods hold their pools side by side.
        minutes=15,
    )


def _lags(workload: Workload, series: Series) -> Alert:
    return Alert(
        name="DatabaseReplicaLags",
        # Silent until a team adds a replica to read from; the standby of several zones is none.
        expression=f"max by ({INSTANCE}) (aws_rds_replica_lag_average{{{series.cloud}}}) > {LAG}",
        summary=f"A replica of a database of {workload.name} falls behind in {workload.environment}",
        description=(
            f"{{{{ $labels.{INSTANCE} }}}} is {{{{ $value | humanizeDuration }}}} behind, for 10 minutes now: "
            "what is read there is old. Long queries on the replica, or many writes on the primary, hold it up."
        ),
        minutes=10,
    )
