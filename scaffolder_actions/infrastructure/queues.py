"""A queue on SQS, and a second one for messages that nobody could work on."""

from __future__ import annotations

from foundation.jsontypes import Json, JsonObject
from foundation.service import Dependency
from scaffolder_actions.infrastructure.naming import logical_id, tags
from scaffolder_actions.infrastructure.part import Part, attribute, only_over_tls, policy, ref, statement
from scaffolder_actions.workload.identity import Workload

# Seconds that SQS keeps a message at most: 14 days, in which somebody looks even over a holiday.
LONGEST = 14 * 24 * 60 * 60
# Seconds that a look waits for a message: the most there is, and 20 times fewer empty answers to pay for.
WAIT = 20
# The tag `holds` of the second queue, by which alerts tell it from the first: names are CloudFormation's.
DEAD_LETTERS = "dead-letters"


def queue(workload: Workload, dependency: Dependency) -> Part:
    """The queue of one dependency, its dead letters and their policy."""
    name = logical_id(dependency, "Queue")
    letters = f"{name}DeadLetters"
    return Part(
        resources={
            name: _queue(workload, dependency, _working(dependency, letters)),
            letters: _queue(workload, dependency, {}, {"Key": "holds", "Value": DEAD_LETTERS}),
            f"{name}Policy": _policy([name, letters]),
        },
        outputs={f"{name}Url": ref(name)},
    )


def queue_rights(dependency: Dependency) -> list[JsonObject]:
    """What the service itself may do: send messages and work on them."""
    name = logical_id(dependency, "Queue")
    actions: list[Json] = [
        "sqs:SendMessage",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
    ]
    return [statement(f"{name}Messages", "Allow", actions, attribute(name, "Arn"))]


def _working(dependency: Dependency, letters: str) -> JsonObject:
    return {
        "VisibilityTimeout": dependency.visibility_seconds,
        "ReceiveMessageWaitTimeSeconds": WAIT,
        "RedrivePolicy": {"deadLetterTargetArn": attribute(letters, "Arn"), "maxReceiveCount": dependency.tries},
    }


def _queue(workload: Workload, dependency: Dependency, more: JsonObject, *marks: JsonObject) -> JsonObject:
    # A queue that keeps the order takes dead letters from such a one alone.
    order: JsonObject = {"FifoQueue": True, "ContentBasedDeduplication": True} if dependency.fifo else {}
    return {
        "Type": "AWS::SQS::Queue",
        # Its messages are saved before a queue goes; what is left of it then is nothing.
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {
            **order,
            "SqsManagedSseEnabled": True,
            "MessageRetentionPeriod": LONGEST,
            **more,
            "Tags": [*tags(workload), *marks],
        },
    }


def _policy(names: list[str]) -> JsonObject:
    every: list[Json] = [attribute(name, "Arn") for name in names]
    return {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [ref(name) for name in names],
            "PolicyDocument": policy(only_over_tls("OnlyOverTls", "sqs:*", every)),
        },
    }
