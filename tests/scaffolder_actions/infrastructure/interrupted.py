"""Applies or deletes a stack, and is killed at one call of AWS: `interrupted.py JOB`, a job being JSON."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

from foundation.connections.aws import connect_aws
from foundation.settings import AwsSettings
from scaffolder_actions.infrastructure import clients
from scaffolder_actions.infrastructure.stacks import Stacks


def main() -> None:
    """Do it until the moment comes."""
    job = json.loads(sys.argv[1])
    when, service, operation = job["moment"]

    def connect(settings: AwsSettings, name: str) -> Any:
        client = connect_aws(settings, name)
        if name == service:
            client.meta.events.register(f"{when}-call.{service}.{operation}", _die)
        return client

    vars(clients)["connect_aws"] = connect
    stacks = Stacks(AwsSettings(endpoint=job["endpoint"]))
    if job["template"]:
        stacks.apply(job["name"], job["template"], job["tags"], say=print, pause=_soon)
    else:
        stacks.delete(job["name"], job["mark"], say=print, pause=_soon)


def _die(**_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _soon(_: float) -> None:
    time.sleep(0.02)


if __name__ == "__main__":
    main()
