"""Alerts on what the service has at AWS."""

from __future__ import annotations

from tests.scaffolder_actions.observability.cases.model import Case, flat, rising

_CLOUD = 'tag_service="order-api",tag_environment="production"'
_DATABASE = f'{_CLOUD},dimension_DBInstanceIdentifier="orders-1"'
_CACHE = f'{_CLOUD},dimension_CacheClusterId="carts-001"'
_QUEUE = f'{_CLOUD},tag_holds="",dimension_QueueName="orders"'
_LETTERS = f'{_CLOUD},tag_holds="dead-letters",dimension_QueueName="orders-dead"'
_GIB = 1024**3
_DAY = 86400


DATABASES = (
    Case(
        alert="DatabaseNearlyFull",
        severity="page",
        labels={"dimension_DBInstanceIdentifier": "orders-1"},
        fires={f"aws_rds_free_storage_space_average{{{_DATABASE}}}": flat(1.5 * _GIB)},
        holds={
            "3 GiB": {f"aws_rds_free_storage_space_average{{{_DATABASE}}}": flat(3 * _GIB)},
            "nothing known": {f"aws_rds_free_storage_space_average{{{_DATABASE}}}": " ".join(["NaN"] * 61)},
        },
        summary="A database of order-api has next to no storage left in production",
        description=(
            "orders-1 has 1.5GiB left. At none it stops. Raise its storage in the service's document, and apply it."
        ),
    ),
    Case(
        alert="DatabaseFillsUp",
        minutes=180,
        labels={"dimension_DBInstanceIdentifier": "orders-1"},
        # 10 GiB, of which 4 MiB go each minute: gone in less than two days.
        fires={f"aws_rds_free_storage_space_average{{{_DATABASE}}}": rising(-4 * 1024**2, 240, 10 * _GIB)},
        holds={
            "a quarter as fast": {
                f"aws_rds_free_storage_space_average{{{_DATABASE}}}": rising(-(1024**2), 240, 10 * _GIB)
            },
            "nearly full, which another alert says": {
                f"aws_rds_free_storage_space_average{{{_DATABASE}}}": rising(-(1024**2), 240, 2 * _GIB)
            },
        },
        summary="A database of order-api will be full within 4 days in production",
        description=(
            "orders-1 has 9.297GiB left, and at the rate of the last day none in 4 days. RDS adds storage by itself, "
            "up to three times of what the document asks for; past that, delete what nobody needs, or ask for more."
        ),
    ),
    Case(
        alert="DatabaseBusy",
        labels={"dimension_DBInstanceIdentifier": "orders-1"},
        fires={f"aws_rds_cpuutilization_average{{{_DATABASE}}}": flat(95)},
        holds={"80 %": {f"aws_rds_cpuutilization_average{{{_DATABASE}}}": flat(80)}},
        summary="A database of order-api uses nearly all of its processors in production",
        description=(
            "orders-1 has been 95% busy for 30 minutes. "
            "Performance Insights shows the queries that take the time; a larger size is a change of the document."
        ),
    ),
    Case(
        alert="DatabaseConnectionsRunOut",
        labels={"dimension_DBInstanceIdentifier": "orders-1"},
        fires={f"aws_rds_database_connections_average{{{_DATABASE}}}": flat(180)},
        holds={"150": {f"aws_rds_database_connections_average{{{_DATABASE}}}": flat(150)}},
        summary="A database of order-api is about to refuse connections in production",
        description=(
            "orders-1 has had 180 connections for 15 minutes, and takes hardly more than 157. "
            "Each pod holds a pool: make the pools smaller, or the database larger."
        ),
    ),
    Case(
        alert="DatabaseReplicaLags",
        labels={"dimension_DBInstanceIdentifier": "orders-2"},
        fires={f'aws_rds_replica_lag_average{{{_CLOUD},dimension_DBInstanceIdentifier="orders-2"}}': flat(120)},
        holds={
            "30 s": {f'aws_rds_replica_lag_average{{{_CLOUD},dimension_DBInstanceIdentifier="orders-2"}}': flat(30)}
        },
        summary="A replica of a database of order-api falls behind in production",
        description=(
            "orders-2 is 2m 0s behind, for 10 minutes now: "
            "what is read there is old. Long queries on the replica, or many writes on the primary, hold it up."
        ),
    ),
)

CACHES = (
    Case(
        alert="CacheNearlyFull",
        labels={"dimension_CacheClusterId": "carts-001"},
        fires={f"aws_elasticache_database_memory_usage_percentage_average{{{_CACHE}}}": flat(95)},
        holds={"80 %": {f"aws_elasticache_database_memory_usage_percentage_average{{{_CACHE}}}": flat(80)}},
        summary="The cache of order-api is nearly full in production",
        description=(
            "carts-001 has used 95% of its memory for 15 minutes. "
            "At 100% it drops entries or refuses writes. Let entries expire sooner, or choose a larger size."
        ),
    ),
    Case(
        alert="CacheEvicts",
        labels={"dimension_CacheClusterId": "carts-001"},
        fires={f"aws_elasticache_evictions_sum{{{_CACHE}}}": flat(12)},
        holds={"at peaks": {f"aws_elasticache_evictions_sum{{{_CACHE}}}": " ".join(["12 12 12 0 0 0"] * 20)}},
        summary="The cache of order-api drops entries before they expire in production",
        description=(
            "carts-001 has dropped entries all the time for 30 minutes to make room for new ones, "
            "so that they are fetched again. Let entries expire sooner, or choose a larger size."
        ),
    ),
    Case(
        alert="CacheBusy",
        labels={"dimension_CacheClusterId": "carts-001"},
        fires={f"aws_elasticache_engine_cpuutilization_average{{{_CACHE}}}": flat(97)},
        holds={"80 %": {f"aws_elasticache_engine_cpuutilization_average{{{_CACHE}}}": flat(80)}},
        summary="The cache of order-api is as busy as it can be in production",
        description=(
            "carts-001 has been 97% busy for 15 minutes. "
            "Redis works on one processor, so look for slow commands first: SLOWLOG GET."
        ),
    ),
    Case(
        alert="CacheReplicaLags",
        labels={"dimension_CacheClusterId": "carts-001"},
        fires={f"aws_elasticache_replication_lag_average{{{_CACHE}}}": flat(20)},
        holds={"5 s": {f"aws_elasticache_replication_lag_average{{{_CACHE}}}": flat(5)}},
        summary="A replica of the cache of order-api falls behind in production",
        description=(
            "carts-001 is 20s behind, for 10 minutes now. "
            "When it takes over, what was written since is lost. Many or large writes hold it up."
        ),
    ),
)

QUEUES = (
    Case(
        alert="QueueFallsBehind",
        severity="page",
        labels={"dimension_QueueName": "orders"},
        # Five tries of a minute, and a quarter of an hour.
        fires={f"aws_sqs_approximate_age_of_oldest_message_maximum{{{_QUEUE}}}": flat(1500)},
        holds={
            "all tries of one message": {f"aws_sqs_approximate_age_of_oldest_message_maximum{{{_QUEUE}}}": flat(1100)},
            "messages that were given up": {
                f"aws_sqs_approximate_age_of_oldest_message_maximum{{{_LETTERS}}}": flat(_DAY)
            },
        },
        summary="Messages of order-api are not worked on in time in production",
        description=(
            "The oldest message in orders has waited for 25m 0s. "
            "Either nobody takes messages, or more come in than are worked on."
        ),
    ),
    Case(
        alert="DeadLettersWait",
        labels={"dimension_QueueName": "orders-dead"},
        fires={f"aws_sqs_approximate_number_of_messages_visible_maximum{{{_LETTERS}}}": flat(3)},
        holds={
            "none": {f"aws_sqs_approximate_number_of_messages_visible_maximum{{{_LETTERS}}}": flat(0)},
            "messages at work": {f"aws_sqs_approximate_number_of_messages_visible_maximum{{{_QUEUE}}}": flat(50)},
        },
        summary="Messages of order-api were given up in production",
        description=(
            "3 messages in orders-dead failed as often as they may. "
            "Mend what fails, then send them back: SQS calls it redrive. They are deleted when their time is over."
        ),
    ),
)
