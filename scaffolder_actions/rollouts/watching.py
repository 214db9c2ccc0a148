"""Waits until everything that was applied works, and tells how it goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from foundation.connections.kubernetes import ClusterUnreachableError, KubernetesApi
from foundation.jsontypes import Json, JsonObject
from foundation.runs.model import Level
from scaffolder_actions.errors import RolloutError
from scaffolder_actions.rollouts.apply import standing
from scaffolder_actions.rollouts.children import Child
from scaffolder_actions.rollouts.judging import Judgement, judge
from scaffolder_actions.rollouts.paths import collection, mapping_of, metadata_of
from scaffolder_actions.rollouts.reasons import pods_of_newest_revision, reason_of

# Seconds between looks. A roll-out takes half a minute at best, and one look is a few small requests.
LOOK_SECONDS = 1.0
# Seconds that a cluster may be away in the middle of a roll-out: as long as an API server takes to be replaced.
AWAY_SECONDS = 60.0


@dataclass(frozen=True)
class Waiting:
    """How to wait: `log(message, level)`, `pause(seconds)`, and a clock in seconds that never goes back."""

    log: Callable[[str, Level], None]
    pause: Callable[[float], None]
    clock: Callable[[], float] = time.monotonic


@dataclass
class Watched:
    """An object that was applied, and what was seen of it last."""

    api: KubernetesApi
    item: JsonObject
    judgement: Judgement = field(default_factory=lambda: Judgement("Progressing"))
    said: str = ""

    @property
    def kind(self) -> str:
        return str(self.item["kind"])

    @property
    def name(self) -> str:
        return str(metadata_of(self.item)["name"])

    def as_child(self) -> Child:
        """The object as a part of its service."""
        judgement = self.judgement
        return Child("cluster", self.api.cluster, self.kind, self.name, judgement.status, judgement.reason)


def wait_until_well(watched: Sequence[Watched], *, deadline: float, waiting: Waiting) -> None:
    """Wait until every object is well in one and the same look, at most `deadline` seconds.

    Raises RolloutError with the reason of one that is not: at once when it cannot pass by itself, else at the
    deadline. What `watched` holds is then how each was seen last. Raises ClusterError.
    """
    begun = waiting.clock()
    answered = dict.fromkeys((each.api.cluster for each in watched), begun)
    pending = list(watched)
    while True:
        for each in pending:
            _look(each, answered, waiting)
        hopeless = next((each for each in pending if each.judgement.hopeless), None)
        if hopeless:
            raise _failure(hopeless, hopeless.judgement.reason)
        settled = len(pending) == len(watched)
        pending = [each for each in watched if not each.as_child().is_well]
        if not pending and settled:
            return
        if not pending:
            # What was well a while ago may have changed since.
            pending = list(watched)
            continue
        if waiting.clock() - begun >= deadline:
            # Objects stand in the order in which they need one another, so the first is the others' reason.
            raise _failure(pending[0], f"{pending[0].judgement.reason} after {deadline:.0f} s")
        waiting.pause(LOOK_SECONDS)


def _look(watched: Watched, answered: dict[str, float], waiting: Waiting) -> None:
    cluster = watched.api.cluster
    try:
        watched.judgement, telling = _judge(watched)
    except ClusterUnreachableError as error:
        if waiting.clock() - answered[cluster] > AWAY_SECONDS:
            raise
        watched.judgement = Judgement("Progressing", error.message)
        _say(watched, error.message, "warn", waiting)
        return
    answered[cluster] = waiting.clock()
    if watched.kind != "Deployment":
        if watched.judgement.status == "Healthy" and not watched.said:
            # It was well from the beginning, which is nothing to tell.
            return
        telling = f"{watched.kind} {watched.name}: {telling or watched.judgement.status}"
    _say(watched, f"{cluster}: {telling}", "info", waiting)


def _say(watched: Watched, message: str, level: Level, waiting: Waiting) -> None:
    if message != watched.said:
        waiting.log(message, level)
    watched.said = message


def _judge(watched: Watched) -> tuple[Judgement, str]:
    """How the object is doing, and what to tell of it meanwhile."""
    current = standing(watched.api, watched.item)
    judgement = judge(current)
    if current is None or watched.kind != "Deployment":
        return judgement, judgement.reason
    if others := _other_images(current, watched.item):
        # Two runs at a time: the later one has the word, and this one must not call its version well.
        overtaken = f"somebody else changed it meanwhile to {', '.join(others)}"
        return Judgement("Degraded", overtaken, hopeless=True), overtaken
    if judgement.status == "Healthy":
        return judgement, judgement.reason
    pods = pods_of_newest_revision(
        current, _list(watched.api, current, "apps/v1", "replicasets"), _list(watched.api, current, "v1", "pods")
    )
    reason = reason_of(pods)
    if reason is None:
        return judgement, judgement.reason
    status = "Degraded" if reason.hopeless else judgement.status
    told = f"{judgement.reason} ({reason.message})"
    return Judgement(status, reason.message, hopeless=judgement.hopeless or reason.hopeless), told


def _other_images(current: JsonObject, applied: JsonObject) -> list[str]:
    """The images that a Deployment has in place of those that it was applied with."""
    wanted, found = _images(applied), _images(current)
    return [str(found.get(name)) for name, image in wanted.items() if found.get(name) != image]


def _images(deployment: JsonObject) -> dict[str, Json]:
    pod = mapping_of(mapping_of(mapping_of(deployment, "spec"), "template"), "spec")
    containers = cast("Sequence[JsonObject]", pod.get("containers") or ())
    return {str(each["name"]): each.get("image") for each in containers}


def _list(api: KubernetesApi, deployment: JsonObject, api_version: str, plural: str) -> Sequence[JsonObject]:
    labels = mapping_of(mapping_of(mapping_of(deployment, "spec"), "selector"), "matchLabels")
    selector = ",".join(f"{name}={value}" for name, value in labels.items())
    namespace = str(metadata_of(deployment)["namespace"])
    body = api.request("GET", collection(api_version, plural, namespace), query={"labelSelector": selector}).body
    items = cast("JsonObject", body).get("items")
    return [cast("JsonObject", each) for each in items] if isinstance(items, list) else []


def _failure(watched: Watched, why: str) -> RolloutError:
    place = f"-n {metadata_of(watched.item)['namespace']} {watched.kind.lower()}/{watched.name}"
    if watched.kind == "Deployment":
        return RolloutError(f"{watched.name} does not come up: {why}.", remedy=f"Look at the log: kubectl logs {place}")
    return RolloutError(
        f"{watched.kind} {watched.name} in cluster {watched.api.cluster} does not become ready: {why}.",
        remedy=f"Look at it: kubectl describe {place}",
    )
