"""What giving a stack another template would do, resource by resource."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from foundation.jsontypes import JsonObject
from scaffolder_actions.errors import StackError
from scaffolder_actions.infrastructure import change_sets
from scaffolder_actions.infrastructure.clients import AwsClients, is_error
from scaffolder_actions.infrastructure.comparing import Touched, compared
from scaffolder_actions.infrastructure.environment import require_facts
from scaffolder_actions.infrastructure.events import Pause
from scaffolder_actions.infrastructure.impacts import holds_data, impact_of
from scaffolder_actions.infrastructure.limits import blocked
from scaffolder_actions.infrastructure.states import NEVER_MADE, REVIEW, StackState, read_state
from scaffolder_actions.infrastructure.templates import standing_template
from scaffolder_actions.plans.model import Change


def planned(
    clients: AwsClients, name: str, template: JsonObject | None, environment: str, pause: Pause
) -> Sequence[Change]:
    """Each resource of the stack `name` and what would be done about it; None removes the stack.

    Nothing is left behind at AWS. Raises StackError where the stack is in no state to be changed, or AWS refuses the
    template.
    """
    found = read_state(clients, name)
    standing = None if found is None or found.status == REVIEW or found.status in NEVER_MADE else found
    if standing is None and template is None:
        return []
    if found and found.status in NEVER_MADE:
        # Nothing of it is there: it will be made from the beginning. But until then AWS works out nothing for it.
        touched = compared(None, _as_read(template), clients.settings.region)
    else:
        touched = touched_by(clients, name, standing, template, pause)
    ids = {each.name: each.id for each in standing.resources} if standing else {}
    return [_change(clients, each, ids.get(each.name), name, environment) for each in touched.values()]


def touched_by(
    clients: AwsClients, name: str, standing: StackState | None, template: JsonObject | None, pause: Pause
) -> dict[str, Touched]:
    """The same by logical id, for who knows already how the stack stands."""
    before = standing_template(clients, name) if standing else None
    after = _as_read(template)
    worked_out = compared(before, after, clients.settings.region)
    if after is None:
        return worked_out
    if standing:
        require_rest(standing)
    require_facts(clients, after)
    change_sets.discard_forgotten(clients, name, "plan")
    made = change_sets.make(clients, name, after, None, purpose="plan", pause=pause)
    change_sets.discard(clients, made)
    return change_sets.as_aws_says(worked_out, made)


def _as_read(template: JsonObject | None) -> JsonObject | None:
    """As AWS will read it: a template may hold what JSON has no word for, such as tuples."""
    return cast("JsonObject | None", json.loads(json.dumps(template)))


def require_rest(standing: StackState) -> None:
    """Raise StackError for a stack that CloudFormation cannot change as it is."""
    if standing.is_moving:
        raise StackError(
            f"Stack {standing.name} is being worked on ({standing.status}).", remedy="Wait until that is over."
        )
    if standing.status == "DELETE_FAILED":
        raise StackError(
            f"Stack {standing.name} was being removed, and something could not be: {standing.reason}.",
            remedy="Remove it again, which goes on where it stopped.",
        )


def _change(clients: AwsClients, touched: Touched, physical: str | None, name: str, environment: str) -> Change:
    return Change(
        where="aws",
        environment=environment,
        place=name,
        kind=touched.type,
        name=touched.name,
        verb=touched.verb,
        fields=touched.fields,
        impact=impact_of(touched),
        holds_data=holds_data(touched),
        blocked=blocked(touched, _actual(clients, touched, physical)),
    )


def _actual(clients: AwsClients, touched: Touched, physical: str | None) -> Mapping[str, Any]:
    """What the resource says of itself, where AWS changes it without a template."""
    from botocore.exceptions import ClientError

    if touched.verb != "update" or physical is None or not touched.changes("AllocatedStorage", "EngineVersion"):
        return {}
    try:
        if touched.type == "AWS::RDS::DBInstance":
            (found,) = clients("rds").describe_db_instances(DBInstanceIdentifier=physical)["DBInstances"]
            return dict(found)
    except ClientError as error:
        # Somebody took it away by hand; CloudFormation will say so.
        if not is_error(error, "DBInstanceNotFound", "DBInstanceNotFoundFault"):
            raise
    return {}
