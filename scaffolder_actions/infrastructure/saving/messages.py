"""The messages of a queue, moved into the archive one by one.

Moved and not copied: a queue that keeps the order gives no second message of a group before the first is gone. A message
is removed from the queue once it is in the archive, so that none is lost wherever this ends.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure.archive import archive_bucket
from scaffolder_actions.infrastructure.clients import is_error
from scaffolder_actions.infrastructure.events import LAST_LOOK
from scaffolder_actions.infrastructure.saving.model import Saved, Saving
from scaffolder_actions.infrastructure.states import ResourceState

# Messages that one call gives at most.
BATCH = 10
# Seconds that a call waits for messages: above zero SQS asks all of its servers, and none is overlooked.
WAIT = 1
# Seconds in which a message is written and removed, before it shows again.
HOLD = 120
# Looks more than it should take: numbers of messages are as of a moment ago.
PATIENCE = 12
_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)


def save_queue(saving: Saving, resource: ResourceState) -> Saved | None:
    """Every message of the queue. None for a queue that is gone.

    Messages that somebody works on are waited for; raises StackError where they do not come back.
    """
    from botocore.exceptions import ClientError

    url, archive = str(resource.id), archive_bucket(saving.clients)
    folder = f"{saving.folder}/{resource.name}/"
    try:
        _move(saving, resource.name, url, archive, folder)
    except ClientError as error:
        if is_error(error, "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"):
            saving.say(f"{resource.name}: gone before it could be saved")
            return None
        raise
    pages = saving.clients("s3").get_paginator("list_objects_v2").paginate(Bucket=archive, Prefix=folder)
    return Saved(resource.name, resource.type, f"s3://{archive}/{folder}", sum(page["KeyCount"] for page in pages))


def _move(saving: Saving, name: str, url: str, archive: str, folder: str) -> None:
    sqs, s3 = saving.clients("sqs"), saving.clients("s3")
    looks: int | None = None
    while True:
        messages = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=BATCH,
            WaitTimeSeconds=WAIT,
            VisibilityTimeout=HOLD,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        for each in messages:
            s3.put_object(Bucket=archive, Key=f"{folder}{each['MessageId']}.json", Body=_written(each).encode())
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        if messages:
            continue
        about = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[*_COUNTS, "VisibilityTimeout", "DelaySeconds"])[
            "Attributes"
        ]
        left = sum(int(about[each]) for each in _COUNTS)
        if left == 0:
            return
        if looks is None:
            hidden = int(about["VisibilityTimeout"]) + int(about["DelaySeconds"])
            looks = hidden // int(LAST_LOOK) + PATIENCE
            saving.say(f"{name}: waiting for {left} messages that somebody works on")
        if looks == 0:
            raise StackError(
                f"{name} has {left} messages that somebody works on.", remedy="Stop the service, and try again."
            )
        looks -= 1
        saving.pause(LAST_LOOK)


def _written(message: Mapping[str, Any]) -> str:
    """The message as text, with all that SQS and its sender said of it."""
    kept = {
        "MessageId": message["MessageId"],
        "Body": message["Body"],
        "Attributes": message.get("Attributes", {}),
        "MessageAttributes": {key: _plain(each) for key, each in message.get("MessageAttributes", {}).items()},
    }
    return json.dumps(kept, ensure_ascii=False)


def _plain(attribute: Mapping[str, Any]) -> dict[str, Any]:
    # Bytes have no word in JSON.
    return {key: each.hex() if isinstance(each, bytes) else each for key, each in attribute.items()}
