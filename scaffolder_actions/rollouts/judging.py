"""Whether one object does what it is there for, told from its own status: pure rules.

An object whose status nobody writes is well as soon as it is there. Deployments need their pods as well; see
`reasons`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.rollouts.children import Status
from scaffolder_actions.rollouts.paths import mapping_of, metadata_of
from scaffolder_actions.rollouts.status import progress_of

# Characters of a controller's own words.
LONGEST = 300


@dataclass(frozen=True)
class Judgement:
    """How an object is doing, and why. `hopeless` means that it does not pass by itself."""

    status: Status
    reason: str = ""
    hopeless: bool = False


HEALTHY = Judgement("Healthy")
MISSING = Judgement("Missing", "it is not there", hopeless=True)
UNNOTICED = Judgement("Progressing", "waiting for the cluster to notice the change")


def judge(item: JsonObject | None) -> Judgement:
    """How an object of a cluster is doing; None is one that is not there."""
    if item is None:
        return MISSING
    if "deletionTimestamp" in metadata_of(item):
        return Judgement("Progressing", "it is being removed")
    return _RULES.get(str(item["kind"]), _is_there)(item)


def _is_there(_item: JsonObject) -> Judgement:
    return HEALTHY


def _deployment(item: JsonObject) -> Judgement:
    progress = progress_of(item)
    if progress.done:
        return Judgement("Healthy", progress.message)
    return Judgement("Degraded" if progress.stuck else "Progressing", progress.message, hopeless=progress.stuck)


def _external_secret(item: JsonObject) -> Judgement:
    """External Secrets notes as `syncedResourceVersion` which generation, and which labels and annotations, it read.

    https://external-secrets.io/latest/api/spec/#external-secrets.io/v1.ExternalSecretStatus
    """
    synced = str(mapping_of(item, "status").get("syncedResourceVersion") or "")
    generation = _generation(item)
    if synced and generation and synced.partition("-")[0] != str(generation):
        return UNNOTICED
    return _ready(item)


def _certificate(item: JsonObject) -> Judgement:
    """https://cert-manager.io/docs/usage/certificate/#inner-workings-diagram-for-developers: Ready and Issuing."""
    judgement = _ready(item)
    issuing = _conditions(mapping_of(item, "status")).get("Issuing", {})
    if judgement.status == "Healthy":
        return judgement
    if issuing.get("status") == "True":
        return Judgement("Progressing", _words(issuing))
    failed = issuing.get("status") == "False" and issuing.get("reason") == "Failed"
    return Judgement("Degraded", _words(issuing)) if failed else judgement


def _ready(item: JsonObject) -> Judgement:
    ready = _conditions(mapping_of(item, "status")).get("Ready")
    if ready is None or not _is_current(ready, item):
        return UNNOTICED
    if ready.get("status") == "True":
        return Judgement("Healthy", _words(ready))
    # Its controllers go on trying, so that what is failing now may be well in a moment.
    return Judgement("Progressing" if ready.get("status") == "Unknown" else "Degraded", _words(ready))


def _route(item: JsonObject) -> Judgement:
    """Whatever the route is attached to has taken it, and has found where it leads.

    https://gateway-api.sigs.k8s.io/reference/spec/#routeparentstatus
    """
    for parent in _mappings(mapping_of(item, "spec").get("parentRefs")):
        named = f"{parent.get('kind', 'Gateway')} {parent.get('name')}"
        answers = [each for each in _mappings(mapping_of(item, "status").get("parents")) if _is_about(each, parent)]
        judgements = [_attached(item, each, named, ("Accepted", "ResolvedRefs")) for each in answers]
        unwell = [each for each in judgements if each.status != "Healthy"]
        if unwell or not answers:
            return next(iter(unwell), Judgement("Progressing", f"{named} has not answered"))
    return HEALTHY


def _is_about(answer: JsonObject, parent: JsonObject) -> bool:
    given = mapping_of(answer, "parentRef")
    # What the route leaves out, the controller may fill in with the default.
    return all(given.get(key) == value for key, value in parent.items())


def _listeners(item: JsonObject) -> Judgement:
    """https://gateway-api.sigs.k8s.io/reference/spec/#listenersetstatus."""
    parent = mapping_of(mapping_of(item, "spec"), "parentRef")
    named = f"{parent.get('kind', 'Gateway')} {parent.get('name')}"
    return _attached(item, mapping_of(item, "status"), named, ("Accepted", "Programmed"))


def _attached(item: JsonObject, status: JsonObject, parent: str, wanted: Sequence[str]) -> Judgement:
    """How the parent of a part of the Gateway API takes it, by conditions that all are to be true."""
    conditions = _conditions(status)
    for each in wanted:
        condition = conditions.get(each)
        if condition is None or not _is_current(condition, item):
            return Judgement("Progressing", f"{parent} has not answered")
        if condition.get("status") != "True":
            return Judgement("Degraded", f"{parent} does not take it: {_words(condition)}")
    return HEALTHY


_RULES: Mapping[str, Callable[[JsonObject], Judgement]] = {
    "Deployment": _deployment,
    "ExternalSecret": _external_secret,
    "Certificate": _certificate,
    "HTTPRoute": _route,
    "ListenerSet": _listeners,
}


def _is_current(condition: JsonObject, item: JsonObject) -> bool:
    """Whether the condition is about the object as it is now; one that does not say is taken to be."""
    observed = condition.get("observedGeneration")
    return not isinstance(observed, int) or observed >= _generation(item)


def _generation(item: JsonObject) -> int:
    generation = metadata_of(item).get("generation")
    return generation if isinstance(generation, int) else 0


def _conditions(status: JsonObject) -> dict[str, JsonObject]:
    return {str(each.get("type")): each for each in _mappings(status.get("conditions"))}


def _mappings(value: Json) -> Iterator[JsonObject]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, Mapping):
            yield each


def _words(condition: JsonObject) -> str:
    text = " ".join(str(condition.get("message") or condition.get("reason") or condition.get("type")).split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
