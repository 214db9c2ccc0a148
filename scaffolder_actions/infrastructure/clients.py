"""boto3's clients of one account and region, each made once."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import Any

from foundation.connections.aws import aws_errors, connect_aws
from foundation.settings import AwsSettings


class AwsClients:
    """Clients by the name of their service. They may be used from several threads; making them may not."""

    def __init__(self, settings: AwsSettings) -> None:
        self.settings = settings
        self._made: dict[str, Any] = {}
        self._lock = threading.Lock()

    def __call__(self, service: str) -> Any:
        """The client of `service`, such as `rds`; boto3 ships no types."""
        with self._lock:
            if service not in self._made:
                self._made[service] = connect_aws(self.settings, service)
            return self._made[service]

    def errors(self) -> AbstractContextManager[None]:
        """What keeps a call from AWS becomes an error for users inside of this."""
        return aws_errors(self.settings)


def is_error(error: Any, *codes: str) -> bool:
    """Whether boto3's ClientError is one of these, by the code that AWS answered with."""
    return error.response.get("Error", {}).get("Code", "") in codes


def words_of(error: Any) -> str:
    """What AWS said in a ClientError."""
    return str(error.response.get("Error", {}).get("Message", "")) or str(error)
