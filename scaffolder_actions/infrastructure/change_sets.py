"""Change sets: what CloudFormation itself says that a template would do, and the only way a stack is changed by."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure.clients import LONGEST_REASON, AwsClients, is_error, words_of
from scaffolder_actions.infrastructure.comparing import Touched, hidden
from scaffolder_actions.infrastructure.events import Pause
from scaffolder_actions.infrastructure.states import REVIEW, describe
from scaffolder_actions.infrastructure.templates import template_source
from scaffolder_actions.plans.model import FieldChange, Verb

Purpose = Literal["plan", "apply"]
_PREFIX = "greenroom-"
# What CloudFormation says where a template changes nothing; it has no code of its own for it.
_NOTHING = ("didn't contain changes", "No updates are to be performed")
# Seconds between looks at a change set in the making, which takes some seconds.
LOOK = 0.5
# How long a plan's change set may be there: a plan takes seconds, so its maker is gone by then.
FORGOTTEN = dt.timedelta(hours=1)
# A role of the stack's own, without a name that somebody chose.
CAPABILITIES = ["CAPABILITY_IAM"]


@dataclass(frozen=True)
class ChangeSet:
    """A change set that CloudFormation has worked out. No `changes` means that nothing would be done."""

    id: str
    stack: str
    stack_id: str
    changes: Sequence[Mapping[str, Any]]


def make(
    clients: AwsClients,
    name: str,
    template: JsonObject,
    tags: Mapping[str, str] | None,
    *,
    purpose: Purpose,
    pause: Pause,
) -> ChangeSet:
    """A change set that gives the stack `name` this template; without `tags` the stack keeps its own.

    Raises StackError where CloudFormation refuses the template, or works on the stack. A change set that was made by
    then is removed.
    """
    from botocore.exceptions import ClientError

    standing = describe(clients, name)
    source = template_source(clients, template)
    given: dict[str, Any] = {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]} if tags else {}
    try:
        made = clients("cloudformation").create_change_set(
            StackName=name,
            ChangeSetName=f"{_PREFIX}{purpose}-{secrets.token_hex(6)}",
            ChangeSetType="CREATE" if standing is None or standing["StackStatus"] == REVIEW else "UPDATE",
            Capabilities=CAPABILITIES,
            **source,
            **given,
        )
    except ClientError as error:
        if is_error(error, "ValidationError", "AlreadyExistsException", "InvalidChangeSetStatus"):
            raise StackError(f"Stack {name}: {words_of(error)[:LONGEST_REASON]}") from error
        raise
    nothing = ChangeSet(made["Id"], name, made["StackId"], ())
    try:
        return dataclasses.replace(nothing, changes=_worked_out(clients, nothing, pause))
    except BaseException:
        discard(clients, nothing)
        raise


def discard(clients: AwsClients, made: ChangeSet) -> None:
    """Take a change set away, and with the last one the empty stack that was made for it.

    A stack that anybody else has a change set for, or has begun to make, is left alone.
    """
    from botocore.exceptions import ClientError

    cloudformation = clients("cloudformation")
    # Whoever executed another one took this one away with it.
    with contextlib.suppress(ClientError):
        cloudformation.delete_change_set(ChangeSetName=made.id)
    found = describe(clients, made.stack_id)
    if found and found["StackStatus"] == REVIEW and not list(_summaries(clients, made.stack)):
        cloudformation.delete_stack(StackName=made.stack_id)


def discard_forgotten(clients: AwsClients, name: str, purpose: Purpose) -> None:
    """Take away what was left by plans that were killed an hour ago, or by any apply before this one."""
    from botocore.exceptions import ClientError

    limit = dt.datetime.now(dt.UTC) - FORGOTTEN
    for each in list(_summaries(clients, name)):
        ours = str(each["ChangeSetName"]).startswith(f"{_PREFIX}{purpose}-")
        if ours and (purpose == "apply" or each["CreationTime"] < limit):
            with contextlib.suppress(ClientError):
                clients("cloudformation").delete_change_set(ChangeSetName=each["ChangeSetId"])


def as_aws_says(worked_out: Mapping[str, Touched], made: ChangeSet) -> dict[str, Touched]:
    """What is done about each resource: in AWS' words where it has them, else as worked out from the templates."""
    said = {each["LogicalResourceId"]: each for each in made.changes}
    changed = [each for each in said.values() if each["Action"] == "Modify"]
    if any("Replacement" not in each for each in changed):
        return dict(worked_out)
    return {name: _corrected(each, said.get(name)) for name, each in worked_out.items()}


def _worked_out(clients: AwsClients, made: ChangeSet, pause: Pause) -> list[Mapping[str, Any]]:
    while True:
        found = clients("cloudformation").describe_change_set(ChangeSetName=made.id, IncludePropertyValues=True)
        status, reason = found["Status"], str(found.get("StatusReason", ""))
        if status == "FAILED":
            if any(each in reason for each in _NOTHING):
                return []
            raise StackError(f"Stack {made.stack}: AWS refuses the template: {reason[:LONGEST_REASON]}")
        if status == "CREATE_COMPLETE":
            return list(_changes(clients, made, found))
        pause(LOOK)


def _changes(clients: AwsClients, made: ChangeSet, page: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    while True:
        yield from (each["ResourceChange"] for each in page.get("Changes", ()) if "ResourceChange" in each)
        if not page.get("NextToken"):
            return
        page = clients("cloudformation").describe_change_set(
            ChangeSetName=made.id, IncludePropertyValues=True, NextToken=page["NextToken"]
        )


def _summaries(clients: AwsClients, name: str) -> Iterator[Mapping[str, Any]]:
    from botocore.exceptions import ClientError

    pages = clients("cloudformation").get_paginator("list_change_sets").paginate(StackName=name)
    try:
        for page in pages:
            yield from (each for each in page["Summaries"] if each["StackName"] == name)
    except ClientError as error:
        if not is_error(error, "ValidationError"):
            raise


def _corrected(touched: Touched, said: Mapping[str, Any] | None) -> Touched:
    if said is None:
        return dataclasses.replace(touched, verb="keep", fields=())
    fields = tuple(_fields(said)) or touched.fields
    return dataclasses.replace(touched, verb=_verb(touched, said), fields=fields)


def _verb(touched: Touched, said: Mapping[str, Any]) -> Verb:
    if said["Action"] == "Add":
        return "create"
    if said["Action"] == "Remove":
        return "delete"
    if str(said.get("PolicyAction", "")).startswith("Replace") or said["Replacement"] == "True":
        return "replace"
    # "Conditional" is most often a reference whose value stays; the templates tell those apart.
    return "replace" if said["Replacement"] == "Conditional" and touched.verb == "replace" else "update"


def _fields(said: Mapping[str, Any]) -> Iterator[FieldChange]:
    """Each property that changes, once, with the values that AWS gives."""
    found: dict[str, FieldChange] = {}
    for each in said.get("Details", ()):
        target = each.get("Target", {})
        before, after = _value(target.get("BeforeValue")), _value(target.get("AfterValue"))
        path = str(target.get("Path") or f"/{target.get('Attribute')}/{target.get('Name', '')}").strip("/")
        path = path.replace("/", ".")
        if before != after and (path not in found or found[path].after is None):
            found[path] = hidden(FieldChange(path, before, after))
    yield from found.values()


def _value(text: str | None) -> Json:
    if text == "{{changeSet:KNOWN_AFTER_APPLY}}":
        return "known once it is made"
    try:
        value: Json = json.loads(text) if text is not None and text[:1] in "{[" else text
    except ValueError:
        return text
    return value
