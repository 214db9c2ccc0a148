"""boto3's clients of one account and region, each made once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from foundation.connections.aws import REFUSALS, aws_errors, connect_aws
from foundation.settings import AwsSettings
from scaffolder_actions.errors import StackError

# Characters of a reason that are passed on: AWS sometimes quotes a whole request.
LONGEST_REASON = 500


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

    @contextmanager
    def errors(self) -> Iterator[None]:
        """What goes wrong at AWS becomes an error for users inside of this: StackError for what it refuses to do."""
        from botocore.exceptions import ClientError

        with aws_errors(self.settings):
            try:
                yield
            except ClientError as error:
                if is_error(error, *REFUSALS):
                    raise
                raise StackError(
                    f"AWS refuses {error.operation_name}: {words_of(error)[:LONGEST_REASON]}",
                    remedy="Try again later, or ask the platform team.",
                ) from error


def is_error(error: Any, *codes: str) -> bool:
    """Whether boto3's ClientError is one of these, by the code that AWS answered with."""
    return error.response.get("Error", {}).get("Code", "") in codes


def words_of(error: Any) -> str:
    """What AWS said in a ClientError."""
    return str(error.response.get("Error", {}).get("Message", "")) or str(error)
