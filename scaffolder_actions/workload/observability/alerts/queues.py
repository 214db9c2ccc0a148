"""Alerts on queues, from what CloudWatch tells of them."""

from __future__ import annotations

from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.alert import Alert
from scaffolder_actions.workload.observability.series import MINUTE, Series, series_of

QUEUE = "dimension_QueueName"
# The tag of the queue where messages that failed too often are set aside; see `infrastructure.queues`.
DEAD_LETTERS = 'tag_holds="dead-letters"'
OTHERS = 'tag_holds!="dead-letters"'
# Seconds that a message may wait for a worker, on top of all tries that it may take.
PATIENCE = 15 * MINUTE


def queue_alerts(workload: Workload) -> tuple[Alert, ...]:
    """Messages wait for too long, or were given up."""
    queues = [each for each in workload.service.dependencies if each.type == "sqs"]
    if not queues:
        return ()
    series = series_of(workload)
    # A message that fails is as old as its tries took, and no queue is behind for that.
    limit = PATIENCE + max(each.visibility_seconds * each.tries for each in queues)
    return (_behind(workload, series, limit), _dead_letters(workload, series))


def _behind(workload: Workload, series: Series, limit: int) -> Alert:
    age = f"aws_sqs_approximate_age_of_oldest_message_maximum{{{series.cloud},{OTHERS}}}"
    return Alert(
        name="QueueFallsBehind",
        expression=f"max by ({QUEUE}) ({age}) > {limit}",
        summary=f"Messages of {workload.name} are not worked on in time in {workload.environment}",
        description=(
            f"The oldest message in {{{{ $labels.{QUEUE} }}}} has waited for {{{{ $value | humanizeDuration }}}}. "
            "Either nobody takes messages, or more come in than are worked on."
        ),
        urgent=True,
        minutes=5,
    )


def _dead_letters(workload: Workload, series: Series) -> Alert:
    waiting = f"aws_sqs_approximate_number_of_messages_visible_maximum{{{series.cloud},{DEAD_LETTERS}}}"
    return Alert(
        name="DeadLettersWait",
        expression=f"max by ({QUEUE}) ({waiting}) > 0",
        summary=f"Messages of {workload.name} were given up in {workload.environment}",
        description=(
            f"{{{{ $value }}}} messages in {{{{ $labels.{QUEUE} }}}} failed as often as they may. "
            "Mend what fails, then send them back: SQS calls it redrive. They are deleted when their time is over."
        ),
    )
