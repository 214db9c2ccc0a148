"""Bringing a stack to a template: made, changed, or left alone.

Every step starts from how the stack stands. So whoever was killed in the middle calls again, and it goes on from there.
"""

from __future__ import annotations

from collections.abc import Mapping

from foundation.jsontypes import JsonObject
from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure import change_sets
from scaffolder_actions.infrastructure.clients import AwsClients, is_error
from scaffolder_actions.infrastructure.comparing import Touched, compared
from scaffolder_actions.infrastructure.environment import require_facts
from scaffolder_actions.infrastructure.events import Pause, Say, failure, follow, last_event
from scaffolder_actions.infrastructure.planning import require_rest
from scaffolder_actions.infrastructure.protection import protect, unprotect
from scaffolder_actions.infrastructure.settling import DATABASE, settle
from scaffolder_actions.infrastructure.states import DONE, NEVER_MADE, REVIEW, StackState, read_state
from scaffolder_actions.infrastructure.templates import standing_template

STUCK = "UPDATE_ROLLBACK_FAILED"


def applied(
    clients: AwsClients, name: str, template: JsonObject, tags: Mapping[str, str], *, say: Say, pause: Pause
) -> StackState:
    """The stack `name` once it is what `template` says. Tells what happens on the way.

    A stack that is being worked on is waited for, one that could never be made is removed and made anew, and where
    nothing differs nothing is done. Raises StackError with the reason of the first resource that failed; AWS has taken
    back by then what was begun.
    """
    require_facts(clients, template)
    standing = _ready(clients, name, say, pause)
    change_sets.discard_forgotten(clients, name, "apply")
    made = change_sets.make(clients, name, template, tags, purpose="apply", pause=pause)
    if made.changes:
        before = standing_template(clients, name) if standing else None
        touched = change_sets.as_aws_says(compared(before, template, clients.settings.region), made)
        _execute(clients, made, touched, standing, say=say, pause=pause)
    else:
        change_sets.discard(clients, made)
        say(f"Stack {name} is as it should be")
    found = _standing(clients, name)
    settle(clients, found, template, tags, say)
    return found


def cleared(clients: AwsClients, standing: StackState, *, say: Say, pause: Pause) -> None:
    """Remove a stack and wait until it is gone. Raises StackError with what could not be removed."""
    unprotect(clients, [each.id for each in standing.of_type(DATABASE) if each.id], say=say, pause=pause)
    since = last_event(clients, standing.id)
    clients("cloudformation").delete_stack(StackName=standing.id)
    status = follow(clients, standing.id, since=since, say=say, pause=pause)
    if status != "DELETE_COMPLETE":
        raise failure(clients, standing.name, standing.id, since, "Mend what it names, and remove the stack again.")


def _ready(clients: AwsClients, name: str, say: Say, pause: Pause) -> StackState | None:
    """The stack once it can be given a template; None where it does not exist."""
    continued = False
    while True:
        standing = read_state(clients, name)
        if standing is None or standing.status == REVIEW:
            return None
        if standing.is_moving:
            say(f"Stack {name} is being worked on ({standing.status}); waiting until that is over")
            follow(clients, standing.id, since=None, say=say, pause=pause)
        elif standing.status in NEVER_MADE:
            say(f"Stack {name} could not be made before; removing what is left of it")
            cleared(clients, standing, say=say, pause=pause)
        elif standing.status == STUCK and not continued:
            continued = True
            say(f"Stack {name} is stuck between two states; going back to the former")
            since = last_event(clients, standing.id)
            clients("cloudformation").continue_update_rollback(StackName=standing.id)
            follow(clients, standing.id, since=since, say=say, pause=pause)
        elif standing.status == STUCK:
            raise failure(clients, name, standing.id, None, "Mend what it names, and apply again.")
        else:
            require_rest(standing)
            return standing


def _execute(
    clients: AwsClients,
    made: change_sets.ChangeSet,
    touched: Mapping[str, Touched],
    standing: StackState | None,
    *,
    say: Say,
    pause: Pause,
) -> None:
    from botocore.exceptions import ClientError

    going = {name for name, each in touched.items() if each.verb in {"delete", "replace"}}
    # CloudFormation would leave behind, and forget, a database that is protected from deletion.
    ids = [each.id for each in standing.of_type(DATABASE) if each.id and each.name in going] if standing else []
    unprotect(clients, ids, say=say, pause=pause)
    since = last_event(clients, made.stack_id)
    try:
        clients("cloudformation").execute_change_set(ChangeSetName=made.id)
    except ClientError as error:
        if is_error(error, "ChangeSetNotFound", "InvalidChangeSetStatus"):
            raise StackError(
                f"Stack {made.stack} was changed by somebody else meanwhile.", remedy="Plan and apply again."
            ) from error
        raise
    status = follow(clients, made.stack_id, since=since, say=say, pause=pause)
    if status in DONE:
        return
    protect(clients, ids)
    raise failure(
        clients,
        made.stack,
        made.stack_id,
        since,
        "Nothing of the change was kept. Mend what it names, and apply again.",
    )


def _standing(clients: AwsClients, name: str) -> StackState:
    found = read_state(clients, name)
    if found is None:
        raise StackError(f"Stack {name} was removed by somebody else meanwhile.", remedy="Apply again.")
    return found
