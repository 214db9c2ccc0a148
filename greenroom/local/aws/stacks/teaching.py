"""Teaches moto's CloudFormation what services' stacks need of it.

moto makes resources the moment they are asked for, forgets half of the types, and knows neither policies nor taking
back. Its API, its stacks and its change sets stay; the work on resources is `operation`'s, in a thread, as CloudFormation
works while its callers wait.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Iterable
from typing import Any

from moto.cloudformation import models, responses
from moto.cloudformation.exceptions import AlreadyExistsException, ValidationError
from moto.cloudformation.parsing import OutputMap, ResourceMap
from moto.cloudformation.utils import generate_stack_id
from moto.core.responses import ActionResult

from greenroom.local.aws.calls import Calls
from greenroom.local.aws.stacks.operation import Operation, words_of
from greenroom.local.aws.stacks.standing import Standing

REVIEW = "REVIEW_IN_PROGRESS"
_Backend = models.CloudFormationBackend
# Whoever teaches twice in one process teaches moto, and not what was taught.
_make_change_set: Any = _Backend.create_change_set


def teach(calls: Calls, pace: float) -> None:
    """Let moto's CloudFormation work as described above; `pace` is seconds that each resource takes."""
    teacher = _Teacher(calls, pace)
    lessons: dict[Any, dict[str, Any]] = {
        _Backend: {
            "create_stack": teacher.create_stack,
            "update_stack": teacher.update_stack,
            "delete_stack": teacher.delete_stack,
            "create_change_set": teacher.create_change_set,
            "execute_change_set": teacher.execute_change_set,
            "delete_change_set": _delete_change_set,
        },
        models.Stack: {"parse_template": staticmethod(_parsed)},
        models.ChangeSet: {"_parse_template": _parse_change_set},
        responses.CloudFormationResponse: {
            "list_change_sets": _list_change_sets,
            "list_stack_resources": _list_stack_resources,
            "describe_stack_resources": _describe_stack_resources,
        },
    }
    for owner, methods in lessons.items():
        for name, method in methods.items():
            setattr(owner, name, method)


class _Teacher:
    """The methods that take the place of moto's; their first argument is moto's backend."""

    def __init__(self, calls: Calls, pace: float) -> None:
        self._calls = calls
        self._pace = pace

    @property
    def create_stack(self) -> Any:
        def create(backend: Any, name: str, template: str, parameters: Any, **more: Any) -> Any:
            if _by_name(backend, name):
                raise AlreadyExistsException(f"Stack [{name}] already exists")
            stack = _empty(backend, name)
            self._start(stack, template, parameters, more.get("tags"), "CREATE")
            return stack

        return create

    @property
    def update_stack(self) -> Any:
        def update(backend: Any, name: str, template: str, **more: Any) -> Any:
            stack = backend.get_stack(name)
            _require_rest(stack)
            known = {each["ParameterKey"]: each.get("ParameterValue") for each in more.get("parameters") or ()}
            self._start(stack, template, known, more.get("tags"), "UPDATE")
            return stack

        return update

    @property
    def delete_stack(self) -> Any:
        def delete(backend: Any, name_or_stack_id: str) -> None:
            stack = _by_name(backend, name_or_stack_id) or backend.stacks.get(name_or_stack_id)
            if stack is None:
                return
            if stack.status == REVIEW:
                _gone(backend, stack)
                return
            _require_rest(stack)
            _event(stack, "DELETE_IN_PROGRESS", "User Initiated")
            self._in_background(self._delete, backend, stack)

        return delete

    @property
    def create_change_set(self) -> Any:
        """Moto's own, but for an empty stack that is there already, and one that cannot be changed now."""

        def create(backend: Any, stack_name: str, change_set_name: str, **more: Any) -> Any:
            stack = _by_name(backend, stack_name)
            if more["change_set_type"] == "UPDATE":
                if stack is None or stack.status == REVIEW:
                    raise ValidationError(stack_name)
                _require_rest(stack, "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED", "UPDATE_ROLLBACK_FAILED")
                made, stack_id = _make_change_set(backend, stack_name, change_set_name, **more)
                _notice_tags(backend.change_sets[made], stack)
                return made, stack_id
            if stack is not None and stack.status != REVIEW:
                message = f"Stack [{stack_name}] already exists and cannot be created again with the changeSet."
                raise ValidationError(stack_name, message)
            made, stack_id = _make_change_set(backend, stack_name, change_set_name, **more)
            if stack is not None:
                # One empty stack for all who plan at the same time.
                backend.stacks.pop(stack_id)
                change_set = backend.change_sets[made]
                change_set.stack, change_set.stack_id, stack_id = stack, stack.stack_id, stack.stack_id
            return made, stack_id

        return create

    @property
    def execute_change_set(self) -> Any:
        def execute(backend: Any, change_set_name: str, stack_name: str | None = None) -> None:  # noqa: ARG001
            change_set = backend.describe_change_set(change_set_name)
            stack = backend.stacks[change_set.stack_id]
            _require_rest(stack)
            change_set.execution_status = "EXECUTE_COMPLETE"
            for key, each in list(backend.change_sets.items()):
                if each.stack_id == stack.stack_id:
                    del backend.change_sets[key]
            kind = change_set.change_set_type
            self._start(stack, change_set.template, change_set.parameters, change_set.tags, kind)

        return execute

    def _start(self, stack: Any, template: str, parameters: Any, tags: Any, kind: str) -> None:
        scope = _scope(stack, _parsed(template), parameters or {})
        _event(stack, f"{kind}_IN_PROGRESS", "User Initiated")
        self._in_background(self._deploy, stack, template, scope, tags, kind)

    def _deploy(self, stack: Any, template: str, scope: Any, tags: Any, kind: str) -> None:
        parsed = _parsed(template)
        work = self._operation(stack)
        try:
            work.bring(parsed, scope)
            outputs = OutputMap(scope, parsed, stack.stack_id)
            list(outputs.values())
        except Exception as error:  # noqa: BLE001  whatever failed is taken back and told
            back = "ROLLBACK" if kind == "CREATE" else "UPDATE_ROLLBACK"
            _event(stack, f"{back}_IN_PROGRESS", words_of(error))
            _event(stack, f"{back}_{'COMPLETE' if work.take_back() else 'FAILED'}")
            return
        if kind == "UPDATE":
            _event(stack, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        work.clean_up(stack.template_dict, parsed)
        stack.template, stack.template_dict, stack.description = template, parsed, parsed.get("Description")
        stack.resource_map, stack.output_map, stack.parameters = scope, outputs, scope.input_parameters
        if tags is not None:
            stack.tags = tags
        _event(stack, f"{kind}_COMPLETE")

    def _delete(self, backend: Any, stack: Any) -> None:
        if self._operation(stack).remove(stack.template_dict):
            _gone(backend, stack)
        else:
            failed = [each.logical_resource_id for each in _standing(stack).values() if each.status == "DELETE_FAILED"]
            _event(stack, "DELETE_FAILED", f"The following resource(s) failed to delete: [{', '.join(failed)}].")

    def _operation(self, stack: Any) -> Operation:
        return Operation(
            stack.name, _standing(stack), self._calls, lambda each: _resource_event(stack, each), self._pace
        )

    def _in_background(self, function: Any, *arguments: Any) -> None:
        threading.Thread(target=function, args=arguments, daemon=True).start()


def _parsed(template: str, slowly: Any = models.Stack.parse_template) -> Any:
    """A template; of JSON, moto's reader of YAML makes a second's work."""
    try:
        return json.loads(template)
    except ValueError:
        return slowly(template)


def _parse_change_set(change_set: Any) -> None:
    change_set.template_dict = _parsed(change_set.template)


def _standing(stack: Any) -> dict[str, Standing]:
    """The resources of a stack, kept with it."""
    if not hasattr(stack, "standing"):
        stack.standing = {}
    return stack.standing  # type: ignore[no-any-return]


def _scope(stack: Any, template: Any, parameters: Any) -> Any:
    """What references in the template come to, as far as it is known before anything is made."""
    scope = ResourceMap(
        stack.stack_id,
        stack.name,
        dict(parameters),
        stack.tags,
        stack.region_name,
        stack.account_id,
        copy.deepcopy(template),
        stack.cross_stack_resources,
    )
    scope.load_mapping()
    try:
        scope.load_parameters()
    except AttributeError as error:
        # A parameter of SSM that is not there.
        raise ValidationError(
            stack.name, "Unable to fetch parameters from parameter store for this account."
        ) from error
    scope.load_conditions()
    scope._parsed_resources.update(_standing(stack))  # noqa: SLF001  moto's map is filled by whoever makes them
    return scope


def _empty(backend: Any, name: str) -> Any:
    make: Any = models.Stack
    stack = make(
        stack_id=generate_stack_id(name, backend.region_name, backend.account_id),
        name=name,
        template={},
        parameters={},
        account_id=backend.account_id,
        region_name=backend.region_name,
    )
    backend.stacks[stack.stack_id] = stack
    return stack


def _by_name(backend: Any, name: str) -> Any:
    return next((each for each in backend.stacks.values() if each.name == name), None)


def _gone(backend: Any, stack: Any) -> None:
    for key, each in list(backend.change_sets.items()):
        if each.stack_id == stack.stack_id:
            del backend.change_sets[key]
    backend.stacks.pop(stack.stack_id, None)
    backend.deleted_stacks[stack.stack_id] = stack
    _event(stack, "DELETE_COMPLETE")


def _require_rest(stack: Any, *but: str) -> None:
    if stack.status in but or (stack.status.endswith("_IN_PROGRESS") and stack.status != REVIEW):
        message = f"Stack:{stack.stack_id} is in {stack.status} state and can not be updated."
        raise ValidationError(stack.stack_id, message)


def _notice_tags(change_set: Any, stack: Any) -> None:
    """Other tags are a change too, also where the template is the same."""
    if change_set.status == "FAILED" and change_set.tags and change_set.tags != stack.tags:
        change_set.status, change_set.execution_status, change_set.status_reason = "CREATE_COMPLETE", "AVAILABLE", None
        every = _standing(stack).values()
        change_set.changes = [
            models.Change("Modify", each.logical_resource_id, each.cf_resource_type) for each in every
        ]


def _event(stack: Any, status: str, reason: str | None = None) -> None:
    stack.status = status
    stack.stack_status_reason = reason
    stack._add_stack_event(status, resource_status_reason=reason)  # noqa: SLF001  its own way to add one


def _resource_event(stack: Any, standing: Standing) -> None:
    stack.events.append(
        models.Event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=standing.logical_resource_id,
            physical_resource_id=standing.physical_resource_id,
            resource_type=standing.cf_resource_type,
            resource_status=standing.status,
            resource_status_reason=standing.reason,
            resource_properties=None,
        )
    )


def _delete_change_set(backend: Any, change_set_name: str) -> None:
    for key, each in list(backend.change_sets.items()):
        if change_set_name in {key, each.change_set_name}:
            del backend.change_sets[key]


def _list_change_sets(self: Any) -> ActionResult:
    name = self._get_param("StackName")
    found = self.cloudformation_backend.list_change_sets()
    return ActionResult({"Summaries": [each for each in found if name in {each.stack_name, each.stack_id}]})


def _resources(self: Any) -> Iterable[dict[str, Any]]:
    stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
    return [
        {
            "StackId": stack.stack_id,
            "StackName": stack.name,
            "LogicalResourceId": each.logical_resource_id,
            "PhysicalResourceId": each.physical_resource_id,
            "ResourceType": each.cf_resource_type,
            "ResourceStatus": each.status,
            "ResourceStatusReason": each.reason,
            "Timestamp": stack.creation_time,
            "LastUpdatedTimestamp": stack.creation_time,
        }
        for each in list(_standing(stack).values())
    ]


def _list_stack_resources(self: Any) -> ActionResult:
    return ActionResult({"StackResourceSummaries": _resources(self)})


def _describe_stack_resources(self: Any) -> ActionResult:
    return ActionResult({"StackResources": _resources(self)})
