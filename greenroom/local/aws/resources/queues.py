"""SQS: queues and their policies."""

from __future__ import annotations

import json
from typing import Any

from botocore.exceptions import ClientError

from greenroom.local.aws.resources.handler import Handler, Made, Properties, Task

# Characters that SQS allows a queue.
LONGEST = 80
_NO_ATTRIBUTES = frozenset({"QueueName", "Tags"})


class QueueHandler(Handler):
    """AWS::SQS::Queue."""

    def create(self, task: Task) -> Made:
        sqs = task.calls("sqs")
        end = ".fifo" if task.properties.get("FifoQueue") else ""
        name = task.properties.get("QueueName") or f"{task.name[-(LONGEST - len(end)) :]}{end}"
        url = sqs.create_queue(QueueName=name, Attributes=_attributes(task.properties), tags=_tags(task.properties))[
            "QueueUrl"
        ]
        found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        return Made(url, {"Arn": found["QueueArn"], "QueueName": name, "QueueUrl": url})

    def update(self, task: Task) -> Made:
        sqs = task.calls("sqs")
        sqs.set_queue_attributes(QueueUrl=task.made.id, Attributes=_attributes(task.properties))
        sqs.tag_queue(QueueUrl=task.made.id, Tags=_tags(task.properties))
        return task.made

    def delete(self, task: Task) -> None:
        try:
            task.calls("sqs").delete_queue(QueueUrl=task.made.id)
        except ClientError as error:
            if not _is_missing(error):
                raise


class QueuePolicyHandler(Handler):
    """AWS::SQS::QueuePolicy."""

    def create(self, task: Task) -> Made:
        return self.update(task.of(Made(task.name)))

    def update(self, task: Task) -> Made:
        for url in task.properties["Queues"]:
            policy = json.dumps(task.properties["PolicyDocument"])
            task.calls("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        return task.made

    def delete(self, task: Task) -> None:
        for url in task.properties["Queues"]:
            try:
                task.calls("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
            except ClientError as error:
                if not _is_missing(error):
                    raise


def _attributes(properties: Properties) -> dict[str, str]:
    """Properties as SQS takes its attributes: all of them text."""
    return {key: _text(value) for key, value in properties.items() if key not in _NO_ATTRIBUTES}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict) else str(value)


def _tags(properties: Properties) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in properties.get("Tags", ())}


def _is_missing(error: Any) -> bool:
    return "NonExistentQueue" in error.response["Error"]["Code"] or "QueueDoesNotExist" in type(error).__name__
