"""One creation, change or removal of a stack, as CloudFormation goes about it.

Resources are made and changed in the order in which they refer to one another. The first that fails stops it, and what
was done is taken back. What is no longer wanted goes at the end, by its policy.
"""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from greenroom.local.aws.calls import ACCOUNT, Calls
from greenroom.local.aws.resources import HANDLERS, Made, Task
from greenroom.local.aws.stacks.order import ordered
from greenroom.local.aws.stacks.standing import Standing, resolved
from scaffolder_actions.infrastructure.schemas import fixed_properties

# Characters of a physical name that chance decides, as CloudFormation has it.
SUFFIX = 12
LONGEST_SNAPSHOT = 50
_SNAPSHOT_BY_DEFAULT = "AWS::RDS::DBInstance"
Tell = Callable[[Standing], None]


class Operation:
    """Works on `standing`, the resources of the stack `name`, and tells of each step."""

    def __init__(self, name: str, standing: dict[str, Standing], calls: Calls, tell: Tell, pace: float) -> None:
        self._name = name
        self._standing = standing
        self._calls = calls
        self._tell = tell
        self._pace = pace
        self._undo: list[Callable[[], None]] = []
        self._replaced: list[tuple[Standing, str]] = []

    def bring(self, template: Mapping[str, Any], scope: Any) -> None:
        """Make and change resources until they are as `template` says. Raises whatever the first failure raised."""
        raw = template["Resources"]
        for name in ordered(raw):
            condition = raw[name].get("Condition")
            if condition is None or scope.lazy_condition_map[condition]:
                self._bring(name, raw[name], scope)

    def clean_up(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Remove what the new template has no more, and the old ones of what was replaced.

        What cannot be removed is left behind and forgotten, as CloudFormation does it.
        """
        old = before.get("Resources", {})
        gone = [name for name in ordered(old) if name not in after["Resources"] and name in self._standing]
        for name in reversed(gone):
            self._try_to_dispose(self._standing[name], _policy(old[name], "DeletionPolicy"))
            self._standing.pop(name)
        for each, policy in reversed(self._replaced):
            self._try_to_dispose(each, policy)

    def take_back(self) -> bool:
        """Undo what was brought; False where something could not be undone."""
        done = [self._attempted(step) for step in reversed(self._undo)]
        return all(done)

    def remove(self, template: Mapping[str, Any]) -> bool:
        """Remove every resource by its policy; False where something could not be removed.

        What was removed stays known, as CloudFormation remembers the resources of stacks that are gone.
        """
        raw = template.get("Resources", {})
        here = [(self._standing[name], raw[name]) for name in reversed(ordered(raw)) if name in self._standing]
        done = [
            self._try_to_dispose(each, _policy(given, "DeletionPolicy"))
            for each, given in here
            if each.status not in {"DELETE_COMPLETE", "DELETE_SKIPPED"}
        ]
        return all(done)

    def _bring(self, name: str, raw: Mapping[str, Any], scope: Any) -> None:
        properties = resolved(raw.get("Properties", {}), scope, self._calls)
        standing = self._standing.get(name)
        if standing is None:
            self._create(name, raw, properties, scope)
        elif standing.cf_resource_type != raw["Type"] or _is_fixed(standing, properties, self._calls.region):
            self._create(name, raw, properties, scope)
            self._replaced.append((standing, _policy(raw, "UpdateReplacePolicy")))
            self._undo.append(lambda: self._put_back(standing))
        elif standing.properties != properties:
            self._update(standing, properties)
        scope._parsed_resources[name] = self._standing[name]  # noqa: SLF001  moto's map is filled by whoever makes them

    def _create(self, name: str, raw: Mapping[str, Any], properties: Any, scope: Any) -> None:
        kind = raw["Type"]
        made = Standing(name, kind, Made(""), properties, "CREATE_IN_PROGRESS")
        self._step(made, "CREATE", lambda: self._make(made, raw, scope))
        self._standing[name] = made
        self._undo.append(lambda: self._unmake(made, raw))

    def _make(self, standing: Standing, raw: Mapping[str, Any], scope: Any) -> None:
        handler = HANDLERS.get(standing.cf_resource_type)
        if handler is not None:
            suffix = "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(SUFFIX))
            name = f"{self._name}-{standing.logical_resource_id}-{suffix}"
            standing.made = handler.create(Task(self._calls, name, standing.properties))
            return
        from moto.cloudformation.parsing import parse_and_create_resource

        standing.native = parse_and_create_resource(
            standing.logical_resource_id, dict(raw), scope, ACCOUNT, self._calls.region
        )
        standing.made = Made(getattr(standing.native, "physical_resource_id", standing.logical_resource_id))

    def _update(self, standing: Standing, properties: Any) -> None:
        before = standing.properties
        self._step(standing, "UPDATE", lambda: self._change(standing, properties))
        self._undo.append(lambda: self._step(standing, "UPDATE", lambda: self._change(standing, before)))

    def _change(self, standing: Standing, properties: Any) -> None:
        handler = HANDLERS.get(standing.cf_resource_type)
        if handler is not None:
            task = Task(self._calls, self._name, properties, standing.made, standing.properties)
            standing.made = handler.update(task)
        standing.properties = properties

    def _unmake(self, standing: Standing, raw: Mapping[str, Any]) -> None:
        policy = _policy(raw, "DeletionPolicy")
        self._dispose(standing, "Delete" if policy == "RetainExceptOnCreate" else policy)
        self._standing.pop(standing.logical_resource_id, None)

    def _put_back(self, standing: Standing) -> None:
        self._standing[standing.logical_resource_id] = standing

    def _try_to_dispose(self, standing: Standing, policy: str) -> bool:
        return self._attempted(lambda: self._dispose(standing, policy))

    def _dispose(self, standing: Standing, policy: str) -> None:
        if policy.startswith("Retain"):
            self._told(standing, "DELETE_SKIPPED")
            return
        self._step(standing, "DELETE", lambda: self._delete(standing, policy))

    def _delete(self, standing: Standing, policy: str) -> None:
        handler = HANDLERS.get(standing.cf_resource_type)
        if handler is None:
            if standing.native is not None:
                standing.native.delete(ACCOUNT, self._calls.region)
            return
        # ElastiCache allows a snapshot the fewest characters, and what makes it the only one stands at its end.
        name = f"{self._name}-snapshot-{secrets.token_hex(SUFFIX // 2)}"[-LONGEST_SNAPSHOT:].lstrip("-")
        task = Task(self._calls, name, standing.properties, standing.made)
        if policy == "Snapshot":
            handler.snapshot(task)
        handler.delete(task)

    def _step(self, standing: Standing, verb: str, work: Callable[[], None]) -> None:
        """One step with its events. A failure is told and raised."""
        self._told(standing, f"{verb}_IN_PROGRESS")
        time.sleep(self._pace)
        try:
            work()
        except Exception as error:
            self._told(standing, f"{verb}_FAILED", words_of(error))
            raise
        self._told(standing, f"{verb}_COMPLETE")

    def _told(self, standing: Standing, status: str, reason: str | None = None) -> None:
        standing.status, standing.reason = status, reason
        self._tell(standing)

    def _attempted(self, step: Callable[[], None]) -> bool:
        try:
            step()
        except Exception:  # noqa: BLE001  whatever a service or moto raises: it was told as the step's failure
            return False
        return True


def words_of(error: Exception) -> str:
    """Why something failed, as CloudFormation would say it."""
    if isinstance(error, ClientError):
        return str(error.response["Error"]["Message"])
    return str(error) if isinstance(error, BotoCoreError) else f"{type(error).__name__}: {error}"


def _policy(raw: Mapping[str, Any], kind: str) -> str:
    default = "Snapshot" if raw["Type"] == _SNAPSHOT_BY_DEFAULT and kind == "DeletionPolicy" else "Delete"
    return str(raw.get(kind, default))


def _is_fixed(standing: Standing, properties: Mapping[str, Any], region: str) -> bool:
    fixed = fixed_properties(standing.cf_resource_type, region)
    return any(_at(standing.properties, path) != _at(properties, path) for path in fixed)


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
