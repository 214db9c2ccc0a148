"""How a stack stands at AWS."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scaffolder_actions.infrastructure.clients import AwsClients, is_error, words_of

# A change set was made for a stack that does not exist yet: CloudFormation keeps an empty one for it.
REVIEW = "REVIEW_IN_PROGRESS"
# Nothing of a stack that could not be made is left; it can be removed, and nothing else.
NEVER_MADE = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"})
GONE = "DELETE_COMPLETE"
# The states in which a stack is what it was last asked to be.
DONE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})


@dataclass(frozen=True)
class ResourceState:
    """One resource: its logical id, CloudFormation's type, AWS' own id where it has one yet, and how it is."""

    name: str
    type: str
    id: str | None
    status: str
    reason: str | None = None


@dataclass(frozen=True)
class StackState:
    """A stack. `status` and `reason` are CloudFormation's words; `id` stays known after the stack is gone."""

    name: str
    id: str
    status: str
    reason: str | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    resources: Sequence[ResourceState] = ()

    @property
    def is_moving(self) -> bool:
        """Whether CloudFormation works on it."""
        return self.status.endswith("_IN_PROGRESS") and self.status != REVIEW

    @property
    def is_done(self) -> bool:
        """Whether it is what it was last asked to be, with every resource."""
        return self.status in DONE

    def of_type(self, kind: str) -> list[ResourceState]:
        """The resources of one type that exist at AWS."""
        return [each for each in self.resources if each.type == kind and each.id]


def read_state(clients: AwsClients, name: str, *, gone_too: bool = False) -> StackState | None:
    """The stack of that name, or of that id also after it is gone; None where there is none.

    `gone_too` gives resources that were removed as well, as long as CloudFormation remembers them.
    """
    found = describe(clients, name)
    if found is None:
        return None
    return StackState(
        name=found["StackName"],
        id=found["StackId"],
        status=found["StackStatus"],
        reason=found.get("StackStatusReason"),
        outputs={each["OutputKey"]: str(each["OutputValue"]) for each in found.get("Outputs", ())},
        tags={each["Key"]: each["Value"] for each in found.get("Tags", ())},
        resources=_resources(clients, found["StackId"], gone_too=gone_too),
    )


def describe(clients: AwsClients, name: str) -> dict[str, Any] | None:
    """What CloudFormation says of the stack itself; None where there is none."""
    from botocore.exceptions import ClientError

    try:
        (found,) = clients("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        # CloudFormation has no code of its own for it.
        if is_error(error, "ValidationError") and "does not exist" in words_of(error):
            return None
        raise
    return dict(found)


def _resources(clients: AwsClients, name: str, *, gone_too: bool) -> tuple[ResourceState, ...]:
    pages = clients("cloudformation").get_paginator("list_stack_resources").paginate(StackName=name)
    return tuple(
        ResourceState(
            name=each["LogicalResourceId"],
            type=each["ResourceType"],
            id=each.get("PhysicalResourceId") or None,
            status=each["ResourceStatus"],
            reason=each.get("ResourceStatusReason"),
        )
        for page in pages
        for each in page["StackResourceSummaries"]
        if gone_too or each["ResourceStatus"] != GONE
    )
