"""Takes messages from the queue, and decides what becomes of them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from worker.settings import Settings
from worker.telemetry import Telemetry

log = logging.getLogger(__name__)

# What SQS gives at once at most.
BATCH = 10
# Seconds to wait for a first message: each question costs the same, answered or not. Kubernetes gives a pod 30 to end.
WAIT = 10


class Consumer:
    """Works on the messages of one queue; `client` is boto3's for SQS."""

    def __init__(
        self,
        client: Any,
        settings: Settings,
        handle: Callable[[str], None],
        telemetry: Telemetry,
        *,
        wait: int = WAIT,
    ) -> None:
        self._client = client
        self._settings = settings
        self._handle = handle
        self._telemetry = telemetry
        self._wait = wait

    def run(self, stopping: threading.Event) -> None:
        """Work until `stopping` is set; what has been begun is finished."""
        while not stopping.is_set():
            self.work_once()

    def work_once(self) -> int:
        """Fetch messages once and work on them, in order; the number of those that are done."""
        self._settings.alive.touch()
        answer = self._client.receive_message(
            QueueUrl=self._settings.queue_url,
            MaxNumberOfMessages=BATCH,
            WaitTimeSeconds=self._wait,
            MessageSystemAttributeNames=["MessageGroupId"],
        )
        done = 0
        failed: set[str] = set()
        for message in answer.get("Messages", []):
            self._settings.alive.touch()
            group = message.get("Attributes", {}).get("MessageGroupId", "")
            if group in failed:
                # In order: what stands behind one that failed waits with it.
                continue
            if self._work_on(message):
                done += 1
            elif group:
                failed.add(group)
        return done

    def _work_on(self, message: dict[str, Any]) -> bool:
        try:
            with self._telemetry.processing():
                self._handle(message["Body"])
        except Exception:
            # It comes again when it is visible again, and is set aside after some tries.
            log.exception("The message %s failed", message["MessageId"])
            return False
        self._client.delete_message(
            QueueUrl=self._settings.queue_url, ReceiptHandle=message["ReceiptHandle"]
        )
        return True
