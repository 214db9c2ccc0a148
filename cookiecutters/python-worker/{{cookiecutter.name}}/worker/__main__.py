"""Works until it is told to stop: `python -m worker`."""

from __future__ import annotations

import os
import signal
import threading

import boto3

from worker.consumer import Consumer
from worker.handling import handle
from worker.logs import configure_logs
from worker.settings import load_settings
from worker.telemetry import Telemetry


def main() -> None:
    settings = load_settings(os.environ)
    configure_logs(settings.log_format)
    telemetry = Telemetry(os.environ, settings.queue_url)
    telemetry.serve(os.environ)
    stopping = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stopping.set())
    Consumer(boto3.client("sqs"), settings, handle, telemetry).run(stopping)
    telemetry.stop()


if __name__ == "__main__":
    main()
