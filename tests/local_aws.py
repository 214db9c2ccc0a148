"""AWS for tests: the simulated one, started as the local platform starts it, or none at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from foundation.settings import AwsSettings
from greenroom.local.credentials import ensure_credentials
from greenroom.local.layout import Layout
from greenroom.local.parts import all_parts
from greenroom.local.processes import Processes
from tests.running_platform import free_ports

KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


@contextmanager
def running_aws(home: Path) -> Iterator[AwsSettings]:
    """Where the simulated AWS is, while the block lasts; the environment has keys that it takes."""
    layout = Layout(home, free_ports())
    part = next(each for each in all_parts(layout, ensure_credentials(layout)) if each.name == "aws")
    processes = Processes(layout)
    with pytest.MonkeyPatch.context() as environment:
        for name in KEYS:
            environment.setenv(name, "local")
        processes.start(part)
        try:
            yield AwsSettings(endpoint=part.address)
        finally:
            processes.stop(part.name)


def without_aws(environment: pytest.MonkeyPatch) -> AwsSettings:
    """The settings of who uses no AWS: there are no credentials anywhere."""
    for name in KEYS:
        environment.delenv(name, raising=False)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        environment.setenv(name, "/nowhere")
    environment.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return AwsSettings()
