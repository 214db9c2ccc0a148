"""A queue that stands in for AWS', and a worker on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from worker.consumer import Consumer
from worker.settings import Settings
from worker.telemetry import Telemetry


class Bench:
    """A queue, what was handled of it, and what the worker counted."""

    def __init__(self, client: Any, queue_url: str, alive: Path) -> None:
        self.client = client
        self.settings = Settings(queue_url=queue_url, alive=alive)
        self.telemetry = Telemetry({}, queue_url)
        self.handled: list[str] = []
        self.refused: set[str] = set()

    def send(self, *bodies: str, group: str | None = None) -> None:
        more = {"MessageGroupId": group} if group else {}
        for body in bodies:
            self.client.send_message(QueueUrl=self.settings.queue_url, MessageBody=body, **more)

    def work(self) -> int:
        worker = Consumer(self.client, self.settings, self._handle, self.telemetry, wait=0)
        return worker.work_once()

    def _handle(self, body: str) -> None:
        if body in self.refused:
            raise ValueError(body)
        self.handled.append(body)


@pytest.fixture
def make_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    """Makes a bench; with `fifo`, its queue keeps the order of each group."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")

    def make(*, fifo: bool = False) -> Bench:
        client = boto3.client("sqs", region_name="eu-west-1")
        # Messages are visible again at once, so that a test need not wait.
        attributes = {"VisibilityTimeout": "0"}
        if fifo:
            attributes |= {"FifoQueue": "true", "ContentBasedDeduplication": "true"}
        name = "work.fifo" if fifo else "work"
        queue = client.create_queue(QueueName=name, Attributes=attributes)
        return Bench(client, queue["QueueUrl"], tmp_path / "alive")

    with mock_aws():
        yield make
