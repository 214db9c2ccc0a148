"""Calls of the simulated AWS to itself, over its own API: what it refuses there, it refuses in a stack too."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Seconds. The server answers itself, on the same machine.
TIMEOUT = 30
# Whose account it is; moto's, for whoever's keys name no other.
ACCOUNT = "123456789012"
# How the server knows its own calls.
OWN = "greenroom-local-aws"


@dataclass
class Calls:
    """Clients of the server at `endpoint`, each made once."""

    endpoint: str
    region: str
    _made: dict[str, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, service: str) -> Any:
        """boto3's client of `service`, which has no types."""
        import boto3
        from botocore.config import Config

        with self._lock:
            if service not in self._made:
                self._made[service] = boto3.session.Session().client(
                    service,
                    region_name=self.region,
                    endpoint_url=self.endpoint,
                    # moto takes any; these are not looked for on the machine then.
                    aws_access_key_id="local",
                    aws_secret_access_key="local",  # noqa: S106  not a secret
                    config=Config(
                        s3={"addressing_style": "path"},
                        retries={"total_max_attempts": 1},
                        read_timeout=TIMEOUT,
                        user_agent_extra=OWN,
                    ),
                )
            return self._made[service]


def accepted(client: Any, operation: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of `given` that an operation of the API takes, with numbers as numbers.

    CloudFormation has more properties than an API has parameters, and writes some numbers as text.
    """
    members = client.meta.service_model.operation_model(operation).input_shape.members
    return {key: _as(members[key].type_name, value) for key, value in given.items() if key in members}


def _as(kind: str, value: Any) -> Any:
    if kind in {"integer", "long"}:
        return int(value)
    if kind == "boolean":
        return str(value).lower() == "true"
    return value
