"""What stacks left behind, because their policy keeps it: buckets that a document named once and names no more."""

from __future__ import annotations

from collections.abc import Mapping

from scaffolder_actions.infrastructure.clients import AwsClients
from scaffolder_actions.infrastructure.states import ResourceState, StackState

BUCKET = "AWS::S3::Bucket"
_KEYS = ("team", "service", "environment")


def retained_buckets(clients: AwsClients, stack: StackState) -> list[ResourceState]:
    """Buckets with the stack's tags that are not its own, under their own names."""
    own = {each.id for each in stack.of_type(BUCKET)}
    return [
        ResourceState(name, BUCKET, name, "DELETE_SKIPPED") for name in _tagged(clients, stack.tags) if name not in own
    ]


def _tagged(clients: AwsClients, tags: Mapping[str, str]) -> list[str]:
    if not all(tags.get(key) for key in _KEYS):
        # Somebody else's stack: nothing says what would be its.
        return []
    wanted = {**{key: tags[key] for key in _KEYS}, "managed-by": "greenroom"}
    pages = (
        clients("resourcegroupstaggingapi")
        .get_paginator("get_resources")
        .paginate(
            TagFilters=[{"Key": key, "Values": [value]} for key, value in wanted.items()], ResourceTypeFilters=["s3"]
        )
    )
    arns = [each["ResourceARN"] for page in pages for each in page["ResourceTagMappingList"]]
    return [arn.rpartition(":")[2] for arn in arns if "/" not in arn]
