"""Policies of buckets, of which moto leaves the conditions out: what is denied to some would be denied to all."""

from __future__ import annotations

import json
from typing import Any


def teach_conditions() -> None:
    """Let statements with a condition say nothing, such as the one that refuses whoever comes without TLS.

    Nobody comes to this server with it.
    """
    from moto.iam.access_control import IAMPolicy, PermissionResult
    from moto.s3.models import FakeBucket

    def permission(bucket: Any, action: str, resource: str) -> Any:
        statements = _unconditional(bucket.policy) if bucket.policy else []
        if not statements:
            return PermissionResult.NEUTRAL
        policy = IAMPolicy(json.dumps({"Version": "2012-10-17", "Statement": statements}))
        return policy.is_action_permitted(action, resource)

    for name, method in {"get_permission": permission}.items():
        setattr(FakeBucket, name, method)


def _unconditional(policy: bytes) -> list[Any]:
    statements = json.loads(policy)["Statement"]
    every = statements if isinstance(statements, list) else [statements]
    return [each for each in every if "Condition" not in each]
