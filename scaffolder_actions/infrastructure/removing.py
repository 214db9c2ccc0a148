"""Removing a stack with everything that would go on costing money; what it held is saved first."""

from __future__ import annotations

from typing import Any

from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure.applying import cleared
from scaffolder_actions.infrastructure.clients import AwsClients, is_error
from scaffolder_actions.infrastructure.events import Pause, Say, follow
from scaffolder_actions.infrastructure.retained import BUCKET, retained_buckets
from scaffolder_actions.infrastructure.saving import Saving, save_stack
from scaffolder_actions.infrastructure.settling import DATABASE, log_groups
from scaffolder_actions.infrastructure.states import GONE, REVIEW, StackState, describe, read_state


def removed(clients: AwsClients, name: str, mark: str, *, say: Say, pause: Pause) -> None:
    """Save what the stack `name` holds under `mark`, and remove it.

    Can be repeated, also after being killed at any point: then what is left is removed. Buckets go before the stack, as
    long as it knows their names; logs after it, since databases write them to the end.
    """
    standing = rested(clients, name, say=say, pause=pause)
    if standing is None:
        _remove_empty(clients, name)
        standing = _last_removed(clients, name)
        if standing is None:
            return
    for bucket in _saved_buckets(clients, standing, mark, say=say, pause=pause):
        say(f"Emptying and removing the bucket {bucket}")
        _remove_bucket(clients("s3"), bucket)
    if standing.status != GONE:
        cleared(clients, standing, say=say, pause=pause)
    for each in standing.of_type(DATABASE):
        _remove_logs(clients, str(each.id))


def rested(clients: AwsClients, name: str, *, say: Say, pause: Pause) -> StackState | None:
    """The stack once nobody works on it; None where it does not exist, or holds nothing yet."""
    while True:
        standing = read_state(clients, name)
        if standing is None or not standing.is_moving:
            return None if standing and standing.status == REVIEW else standing
        say(f"Stack {name} is being worked on ({standing.status}); waiting until that is over")
        follow(clients, standing.id, since=None, say=say, pause=pause)


def _saved_buckets(clients: AwsClients, standing: StackState, mark: str, *, say: Say, pause: Pause) -> list[str]:
    """The buckets to remove, once everything is saved."""
    saving = Saving(clients, standing.name, mark, standing.tags, say, pause)
    left = retained_buckets(clients, standing)
    if standing.status == GONE:
        # Of such a stack only buckets can be left.
        save_stack(saving, StackState(standing.name, standing.id, GONE, tags=standing.tags))
        return [str(each.id) for each in left]
    save_stack(saving, standing)
    return [str(each.id) for each in [*standing.of_type(BUCKET), *left]]


def _remove_empty(clients: AwsClients, name: str) -> None:
    """Remove the empty stack that a plan left which was killed."""
    found = describe(clients, name)
    if found and found["StackStatus"] == REVIEW:
        clients("cloudformation").delete_stack(StackName=found["StackId"])


def _last_removed(clients: AwsClients, name: str) -> StackState | None:
    """The stack of that name that was removed last; CloudFormation remembers it for 90 days."""
    pages = clients("cloudformation").get_paginator("list_stacks").paginate(StackStatusFilter=[GONE])
    found = [each for page in pages for each in page["StackSummaries"] if each["StackName"] == name]
    if not found:
        return None
    newest = max(found, key=lambda each: each["CreationTime"])
    return read_state(clients, newest["StackId"], gone_too=True)


def _remove_bucket(s3: Any, bucket: str) -> None:
    from botocore.exceptions import ClientError

    try:
        _empty(s3, bucket)
        s3.delete_bucket(Bucket=bucket)
    except ClientError as error:
        if not is_error(error, "NoSuchBucket"):
            raise


def _empty(s3: Any, bucket: str) -> None:
    """Remove every version of every object, and the pieces of uploads that never ended."""
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        every = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
        if every:
            objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in every]
            answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
            if errors := answer.get("Errors"):
                raise StackError(f"The bucket {bucket} cannot be emptied: {errors[0].get('Message')}.")
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket=bucket):
        for each in page.get("Uploads", ()):
            s3.abort_multipart_upload(Bucket=bucket, Key=each["Key"], UploadId=each["UploadId"])


def _remove_logs(clients: AwsClients, instance: str) -> None:
    from botocore.exceptions import ClientError

    for group in log_groups(instance):
        try:
            clients("logs").delete_log_group(logGroupName=group)
        except ClientError as error:
            if not is_error(error, "ResourceNotFoundException"):
                raise
