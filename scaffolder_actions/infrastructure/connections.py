"""How a service reaches what its stack has: the values of its environment variables, passwords among them.

They are for the secret store and for nothing else: neither a log nor an error ever has one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from urllib.parse import quote

from foundation.service import Dependency
from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure.databases import DATABASE
from scaffolder_actions.infrastructure.naming import logical_id
from scaffolder_actions.workload.connections import connection_variables
from scaffolder_actions.workload.identity import Workload

# Gives the text of a secret by its ARN.
ReadSecret = Callable[[str], str]


def connections_of(workload: Workload, outputs: Mapping[str, str], read_secret: ReadSecret) -> dict[str, str]:
    """The variables of each dependency that the platform makes, as `workload.connections` names them.

    `outputs` are those of the stack. Raises StackError where one is missing, which is a stack of another document, and
    what `read_secret` raises.
    """
    found: dict[str, str] = {}
    for dependency in workload.service.managed:
        values = _VALUES[dependency.type](dependency, outputs, read_secret)
        found |= dict(zip(connection_variables(dependency), values, strict=True))
    return found


def _database(dependency: Dependency, outputs: Mapping[str, str], read_secret: ReadSecret) -> list[str]:
    host, port, secret = (_output(dependency, outputs, f"Database{each}") for each in ("Host", "Port", "Secret"))
    user, password = _credentials(read_secret(secret), dependency)
    # Without `sslmode` some libraries would go on unencrypted where encryption fails.
    url = f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@{host}:{port}/{DATABASE}?sslmode=require"
    return [url, host, port, DATABASE, user, password]


def _cache(dependency: Dependency, outputs: Mapping[str, str], read_secret: ReadSecret) -> list[str]:
    host, port, secret = (_output(dependency, outputs, f"Cache{each}") for each in ("Host", "Port", "Secret"))
    # Two letters s: Redis over TLS.
    return [f"rediss://:{quote(read_secret(secret), safe='')}@{host}:{port}/0"]


def _bucket(dependency: Dependency, outputs: Mapping[str, str], _: ReadSecret) -> list[str]:
    return [_output(dependency, outputs, "BucketName")]


def _queue(dependency: Dependency, outputs: Mapping[str, str], _: ReadSecret) -> list[str]:
    return [_output(dependency, outputs, "QueueUrl")]


_VALUES: Mapping[str, Callable[[Dependency, Mapping[str, str], ReadSecret], list[str]]] = {
    "postgresql": _database,
    "redis": _cache,
    "s3": _bucket,
    "sqs": _queue,
}


def _output(dependency: Dependency, outputs: Mapping[str, str], kind: str) -> str:
    name = logical_id(dependency, kind)
    if name not in outputs:
        raise StackError(f"The stack has no output {name}, where {dependency.label} would be.", remedy="Apply again.")
    return outputs[name]


def _credentials(text: str, dependency: Dependency) -> tuple[str, str]:
    try:
        secret = json.loads(text)
        return str(secret["username"]), str(secret["password"])
    except (ValueError, KeyError, TypeError):
        # The cause would have the secret's text in it.
        raise StackError(f"The secret of {dependency.label} does not hold a user name and a password.") from None
