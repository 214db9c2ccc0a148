"""The order of deletion: traffic ends, pods end, data is saved, and then goes what nobody needs any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from foundation.connections.kubernetes import KubernetesApi
from foundation.errors import GreenroomError
from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.actions.applying.stack import saved_as_json
from scaffolder_actions.actions.deleting.finding import Found, in_words, look, require_confirmed
from scaffolder_actions.actions.deleting.order import Deletion
from scaffolder_actions.credentials import MOUNT
from scaffolder_actions.infrastructure.naming import stack_name
from scaffolder_actions.rollouts import objects_of, remove
from scaffolder_actions.rollouts.kinds import KINDS, ROUTES, WORKLOADS, Kind

# What is taken away together, in this order; each is gone before the next begins.
BEFORE_SAVING: Sequence[tuple[str, Collection[Kind]]] = (("routes", ROUTES), ("pods", WORKLOADS))
AFTER_SAVING = (("the rest", [each for each in KINDS if each not in {*ROUTES, *WORKLOADS}]),)
ARCHIVE = "Archive it there (on GitHub: `gh repo archive`), so that nothing deploys the service from it again."


def plan_deletion(deletion: Deletion) -> JsonObject:
    """What deleting would take away, told and given."""
    found = look(deletion)
    for each in found.things:
        held = ", which holds data" if each.holds_data else ""
        deletion.say(f"{each.place}: {each.kind} {each.name} would be removed{held}")
    deletion.say(in_words(found))
    return _output(deletion, "Planned", found, [], _repository(deletion))


def delete_service(deletion: Deletion) -> JsonObject:
    """Take the service away from its environments, with nothing left that costs money or held data unsaved.

    Raises NotConfirmedError, RolloutError for an object that stays, StackError, and what `look` raises.
    """
    context = deletion.context
    found = Found.of(context.step("look", lambda: _decide(deletion)))
    deletion.say(in_words(found))
    # Who works with data writes it to the end: so it is saved when nobody does any more.
    _remove_stages(deletion, found, BEFORE_SAVING)
    saved: list[JsonObject] = []
    for environment in found.stacks:
        saved += context.step(f"save data of {environment}", partial(_save, deletion, environment, found.mark))
    _remove_stages(deletion, found, AFTER_SAVING)
    for environment in found.stacks:
        context.step(f"remove the stack of {environment}", partial(_remove_stack, deletion, environment, found.mark))
    for each in found.things:
        if each.where == "vault":
            context.step(f"remove {each.place}/{each.name}", partial(_remove_entry, deletion, each.name))
    if found.all_of_it:
        context.step("take out of the catalog", lambda: _withdraw(deletion))
    repository = context.step("find the repository", lambda: _repository(deletion))
    deletion.say(_farewell(deletion, found, repository))
    return _output(deletion, "Deleted", found, saved, repository)


def _decide(deletion: Deletion) -> JsonObject:
    found = look(deletion)
    require_confirmed(deletion, found)
    return found.as_json()


def _remove_stages(deletion: Deletion, found: Found, stages: Sequence[tuple[str, Collection[Kind]]]) -> None:
    for environment in found.in_clusters:
        for api in deletion.apis(environment):
            for stage, kinds in stages:
                deletion.context.step(f"remove {stage} on {api.cluster}", partial(_remove, deletion, api, kinds))
                deletion.say(f"{api.cluster}: {stage} of {deletion.name} removed")


def _remove(deletion: Deletion, api: KubernetesApi, kinds: Collection[Kind]) -> None:
    found = objects_of(api, deletion.name, deletion.team)
    remove(api, [each for each in found if Kind.of(each) in kinds], deletion.patience)


def _save(deletion: Deletion, environment: str, mark: str) -> list[JsonObject]:
    name = stack_name(deletion.name, environment)
    saved = deletion.parts.stacks.save(name, mark, say=deletion.say, pause=deletion.context.pause)
    return [saved_as_json(each, environment) for each in saved]


def _remove_stack(deletion: Deletion, environment: str, mark: str) -> None:
    name = stack_name(deletion.name, environment)
    deletion.parts.stacks.delete(name, mark, say=deletion.say, pause=deletion.context.pause)


def _remove_entry(deletion: Deletion, path: str) -> bool:
    removed = deletion.parts.entries.remove(path)
    if removed:
        deletion.say(f"{MOUNT}/{path} is removed; `vault kv undelete` brings it back")
    return removed


def _withdraw(deletion: Deletion) -> Json:
    deletion.say(f"Taking {deletion.entity} out of the catalog; to register its repository brings it back")
    return deletion.withdraw(deletion.entity, deletion.context.pause).get("entityRefs", [])


def _repository(deletion: Deletion) -> JsonObject | None:
    try:
        repository = deletion.parts.sources.git.find(deletion.repository)
    except GreenroomError as error:
        deletion.context.log(f"The Git host was not asked for the repository: {error.message}", "warn")
        return None
    return None if repository is None else {"name": repository.name, "url": repository.web_url}


def _farewell(deletion: Deletion, found: Found, repository: JsonObject | None) -> str:
    if not found.all_of_it:
        return f"{deletion.name} is deleted from {' and '.join(found.environments)}, and goes on elsewhere."
    if repository is None:
        return f"{deletion.name} is deleted."
    return f"{deletion.name} is deleted. Its repository stays as it is, at {repository['url']}. {ARCHIVE}"


def _output(
    deletion: Deletion, status: str, found: Found, saved: Sequence[JsonObject], repository: JsonObject | None
) -> JsonObject:
    return {
        "name": deletion.name,
        "status": status,
        "removed": [each.as_json() for each in found.things],
        "saved": list(saved),
        "fromCatalog": found.all_of_it,
        "repository": "" if repository is None else str(repository["url"]),
    }
