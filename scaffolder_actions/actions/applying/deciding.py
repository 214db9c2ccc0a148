"""Looks at what would change, and refuses what cannot be or is not to be, before anything is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from foundation.connections.aws import AwsMissingError
from foundation.connections.kubernetes import KubernetesApi
from foundation.errors import GreenroomError, InputError, NotAllowedError
from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.actions.applying.order import Order
from scaffolder_actions.actions.confirming import require_confirmed, require_possible
from scaffolder_actions.credentials import MOUNT
from scaffolder_actions.plans.cluster import ClusterPlan
from scaffolder_actions.plans.model import Change
from scaffolder_actions.rollouts.kinds import unserved_objects
from scaffolder_actions.rollouts.paths import metadata_of
from scaffolder_actions.workload.connections import secrets_path


@dataclass(frozen=True)
class Decision:
    """What later steps go by. It is kept between them, so it is plain.

    `mark` is the name under which data is saved, `at_stake` has the resources of the stack whose data is.
    `only_takes_away` says that nothing of the stack is made or changed, and something goes. `skipped` and `replaced`
    have the objects of each cluster, as `Kind/name`.
    """

    mark: str
    at_stake: Sequence[str]
    only_takes_away: bool
    skipped: Mapping[str, Sequence[str]]
    replaced: Mapping[str, Sequence[str]]

    def as_json(self) -> JsonObject:
        return {
            "mark": self.mark,
            "at_stake": list(self.at_stake),
            "only_takes_away": self.only_takes_away,
            "skipped": {cluster: list(names) for cluster, names in self.skipped.items()},
            "replaced": {cluster: list(names) for cluster, names in self.replaced.items()},
        }


def title_of(item: JsonObject) -> str:
    """`Deployment/order-api`."""
    return f"{item['kind']}/{metadata_of(item)['name']}"


def changes_of(order: Order) -> Sequence[Change]:
    """What would change in the environment's clusters and at AWS.

    Raises UnknownEnvironmentError where it has no cluster, UnservedKindError where one lacks what the service needs,
    and what clusters and AWS raise: what nobody can look at, nobody should change.
    """
    for api in order.apis:
        unserved_objects(api, order.compiled.objects)
    changes = [change for api in order.apis for change in _cluster_changes(order, api)]
    return [*changes, *_stack_changes(order)]


def decide(order: Order) -> JsonObject:
    """The Decision on applying, as plain data.

    Raises ConflictError for what cannot be changed, NotConfirmedError for data that would go without the service's
    name, InputError where there is no secret store to write to or secrets have no value, and what `changes_of` raises.
    """
    service, environment = order.service, order.environment
    changes = changes_of(order)
    aws = [each for each in changes if each.where == "aws"]
    require_possible(service.name, environment, changes)
    require_confirmed(service.name, environment, changes, order.confirm)
    require_store(order)
    skipped = {api.cluster: unserved_objects(api, order.compiled.objects) for api in order.apis}
    replaced = {
        api.cluster: [f"{each.kind}/{each.name}" for each in changes if _replaces(each, api)] for api in order.apis
    }
    return Decision(
        mark=datetime.now(UTC).strftime("%Y%m%d-%H%M%S"),
        at_stake=[each.name for each in aws if each.needs_confirmation],
        only_takes_away={"delete"} <= {each.verb for each in aws} <= {"delete", "keep"},
        skipped={cluster: [title_of(each) for each in items] for cluster, items in skipped.items()},
        replaced=replaced,
    ).as_json()


def require_store(order: Order) -> None:
    """Raise InputError where a secret is to be written or read, and there is no store for it or no value in it."""
    service, entries = order.service, order.parts.entries
    if service.managed and not entries.is_configured:
        needed = " and ".join(each.label for each in service.managed)
        raise InputError(
            f"{service.name} reaches its {needed} by secrets in Vault, and the platform has no Vault.",
            remedy="Set vault.address and vault.token_file in the settings.",
        )
    if entries.is_configured and (service.managed or service.secrets):
        entries.check()
        _require_values(order)


def _require_values(order: Order) -> None:
    wanted, path = order.service.secrets, secrets_path(order.compiled.workload)
    if not wanted:
        return
    try:
        names = order.parts.entries.names(path)
    except NotAllowedError:
        # The platform need not read what is the team's; External Secrets will say what is missing.
        return
    if missing := [each for each in wanted if each not in (names or ())]:
        verb = "put" if names is None else "patch"
        raise InputError(
            f"{order.service.name} names secrets that have no value in {order.environment}: {', '.join(missing)}.",
            remedy=f"Write them: vault kv {verb} -mount={MOUNT} {path} {' '.join(f'{each}=…' for each in missing)}",
        )


def _cluster_changes(order: Order, api: KubernetesApi) -> Sequence[Change]:
    workload = order.compiled.workload
    plan = ClusterPlan(api, order.environment, workload.name, workload.namespace, order.compiled.objects)
    return plan.compare().changes


def _stack_changes(order: Order) -> Sequence[Change]:
    try:
        return order.parts.stacks.plan(
            order.stack_name, order.compiled.stack, order.environment, pause=order.context.pause
        )
    except GreenroomError as error:
        if order.compiled.stack is not None:
            raise
        if not isinstance(error, AwsMissingError):
            order.context.log(f"AWS was not asked for what is left of a stack there: {error.message}", "warn")
        # Who has nothing at AWS may have no AWS at all.
        return ()


def _replaces(change: Change, api: KubernetesApi) -> bool:
    return change.where == "cluster" and change.place == api.cluster and change.verb == "replace"


def as_done(change: Change) -> JsonObject:
    """A change in the words of what applying does."""
    words: Mapping[str, Json] = {
        "create": "created",
        "update": "configured",
        "replace": "replaced",
        "delete": "removed",
        "keep": "unchanged",
    }
    return {
        "where": change.where,
        "cluster": change.place if change.where == "cluster" else "",
        "kind": change.kind,
        "name": change.name,
        "change": words[change.verb],
    }
