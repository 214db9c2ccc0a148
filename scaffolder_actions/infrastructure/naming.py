"""What the resources of a stack are called inside it, and how they are marked for whoever pays for them.

Physical names are left to CloudFormation: a resource with a name of its own could never be replaced.
"""

from __future__ import annotations

import hashlib
import re

from foundation.jsontypes import Json
from foundation.service import Dependency
from scaffolder_actions.workload.identity import MANAGER, Workload

# A name that its logical id can be read back into.
_PLAIN = re.compile(r"[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*")
# Hexadecimal digits that tell "a-1" from "a1": 16 million, of which a service has 50 names at most.
_DIGITS = 6


def stack_name(service: str, environment: str) -> str:
    """The name of a service's stack. CloudFormation allows 128 characters; the two have at most 71."""
    return f"{environment}-{service}"


def logical_id(dependency: Dependency, kind: str) -> str:
    """`Database` for the only one, `OrdersDatabase` for the one called `orders`."""
    return f"{_prefix(dependency)}{kind}"


def tags(workload: Workload) -> list[Json]:
    """The tags of each resource: what costs are told apart by, and who made it."""
    found = tags_of(workload)
    return [{"Key": key, "Value": value} for key, value in found.items()]


def tags_of(workload: Workload) -> dict[str, str]:
    """The same as a mapping."""
    return {
        "team": workload.service.team,
        "service": workload.name,
        "environment": workload.environment,
        "managed-by": MANAGER,
    }


def _prefix(dependency: Dependency) -> str:
    name = dependency.name
    if name == dependency.type:
        return ""
    words = "".join(word.capitalize() for word in name.split("-"))
    return words if _PLAIN.fullmatch(name) else f"{words}{hashlib.sha256(name.encode()).hexdigest()[:_DIGITS].upper()}"
