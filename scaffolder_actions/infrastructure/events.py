"""What happens to a stack, as CloudFormation tells it event by event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from foundation.errors import GreenroomError
from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure.clients import LONGEST_REASON, AwsClients
from scaffolder_actions.infrastructure.states import describe

Say: TypeAlias = Callable[[str], None]
Pause: TypeAlias = Callable[[float], None]

STACK = "AWS::CloudFormation::Stack"
# Seconds between looks. Most resources are there within seconds, a database takes ten minutes, and CloudFormation
# slows down who asks more than a few times in a second.
FIRST_LOOK, LAST_LOOK = 0.5, 5.0
# Resources whose own making was stopped because another's failed; that other one is the reason.
_FOLLOWING = ("Resource creation cancelled", "Resource update cancelled")
_WORDS = {
    "CREATE_IN_PROGRESS": "is being made",
    "CREATE_COMPLETE": "is made",
    "CREATE_FAILED": "cannot be made",
    "UPDATE_IN_PROGRESS": "is being changed",
    "UPDATE_COMPLETE": "is changed",
    "UPDATE_FAILED": "cannot be changed",
    "DELETE_IN_PROGRESS": "is being removed",
    "DELETE_COMPLETE": "is removed",
    "DELETE_FAILED": "cannot be removed",
    "DELETE_SKIPPED": "is kept, outside of the stack",
}


@dataclass(frozen=True)
class Event:
    """One event. `name` is a logical id, or the stack's own name."""

    id: str
    name: str
    type: str
    status: str
    reason: str

    @property
    def is_failure(self) -> bool:
        return self.status.endswith("_FAILED")

    @property
    def starts(self) -> bool:
        """Whether it is the start of what somebody asked for."""
        return self.type == STACK and self.status.endswith("_IN_PROGRESS") and self.reason == "User Initiated"

    def __str__(self) -> str:
        what = f"{self.name} ({self.type})" if self.type != STACK else f"Stack {self.name}"
        words = _WORDS.get(self.status, self.status.replace("_", " ").lower())
        return f"{what} {words}{f': {self.reason}' if self.is_failure and self.reason else ''}"


def last_event(clients: AwsClients, stack: str) -> str | None:
    """The id of the newest event of a stack; None where it has none yet."""
    page = clients("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
    return page[0]["EventId"] if page else None


def follow(clients: AwsClients, stack: str, *, since: str | None, say: Say, pause: Pause) -> str:
    """Tell what happens to the stack of that id until it rests; gives the status that it rests in.

    `since` is the last event before it was set in motion. None tells from the start of what goes on already.
    """
    told: set[str] = set()
    wait = FIRST_LOOK
    while True:
        # The status first: what happened up to it is among the events then.
        found = describe(clients, stack)
        status = found["StackStatus"] if found else "DELETE_COMPLETE"
        events = events_since(clients, stack, since)
        for event in events:
            if event.id not in told:
                told.add(event.id)
                say(str(event))
        # CloudFormation needs a moment until it shows that it was asked for something.
        if not status.endswith("_IN_PROGRESS") and any(each.type == STACK and each.status == status for each in events):
            return str(status)
        pause(wait)
        wait = min(wait * 2, LAST_LOOK)


def events_since(clients: AwsClients, stack: str, since: str | None) -> Sequence[Event]:
    """Events after that one, oldest first; or those of what was asked for last."""
    found: list[Event] = []
    pages = clients("cloudformation").get_paginator("describe_stack_events").paginate(StackName=stack)
    for each in (each for page in pages for each in page["StackEvents"]):
        if each["EventId"] == since:
            break
        found.append(_event(each))
        if since is None and found[-1].starts:
            break
    return found[::-1]


def failure(clients: AwsClients, name: str, stack: str, since: str | None, remedy: str) -> GreenroomError:
    """The error that says why the stack is not what it was asked to be, by the first resource that failed."""
    failed = [each for each in events_since(clients, stack, since) if each.is_failure]
    first = next((each for each in failed if each.type != STACK and not each.reason.startswith(_FOLLOWING)), None)
    event = first or next(iter(failed), None)
    return StackError(f"Stack {name}: {event or 'AWS gives no reason'}.".replace("..", "."), remedy=remedy)


def _event(data: dict[str, Any]) -> Event:
    return Event(
        id=data["EventId"],
        name=data["LogicalResourceId"],
        type=data["ResourceType"],
        status=data["ResourceStatus"],
        reason=str(data.get("ResourceStatusReason") or "")[:LONGEST_REASON].strip(),
    )
