"""The simulated AWS in this process, and clients of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest

from greenroom.local.aws.server import LocalAws

Client = Callable[[str], Any]


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """Gives boto3's client of a service."""
    aws = LocalAws("127.0.0.1", 0, region="eu-west-1", environments=["staging", "production"], domain="example.com")
    threading.Thread(target=aws.serve, daemon=True).start()

    @cache
    def make(service: str) -> Any:
        return boto3.session.Session().client(
            service,
            region_name="eu-west-1",
            endpoint_url=aws.url,
            aws_access_key_id="local",
            aws_secret_access_key="local",
        )

    yield make
    aws.close()
