"""Waits for a roll-out, and tells how it goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from foundation.connections.kubernetes import ClusterUnreachableError, KubernetesApi
from foundation.jsontypes import JsonObject
from foundation.runs.model import Level
from scaffolder_actions.errors import RolloutError
from scaffolder_actions.rollouts.paths import collection, mapping_of, metadata_of, path_of
from scaffolder_actions.rollouts.reasons import Reason, pods_of_newest_revision, reason_of
from scaffolder_actions.rollouts.status import Progress, progress_of

# Seconds between looks. A roll-out takes half a minute at best, and one look is three small requests.
LOOK_SECONDS = 1.0
# Seconds that a cluster may be away in the middle of a roll-out: as long as an API server takes to be replaced.
AWAY_SECONDS = 60.0


@dataclass(frozen=True)
class Waiting:
    """How to wait: `log(message, level)`, `pause(seconds)`, and a clock in seconds that never goes back."""

    log: Callable[[str, Level], None]
    pause: Callable[[float], None]
    clock: Callable[[], float] = time.monotonic


def wait_for_rollout(api: KubernetesApi, deployment: JsonObject, *, deadline: float, waiting: Waiting) -> str:
    """Wait until the roll-out of `deployment` is done, at most `deadline` seconds; the last word on it.

    Raises RolloutError with the reason: at once when it cannot pass by itself, else at the deadline.
    """
    begun = answered = waiting.clock()
    said = ""
    while True:
        try:
            progress, reason = _look(api, deployment)
        except ClusterUnreachableError as error:
            if waiting.clock() - answered > AWAY_SECONDS:
                raise
            said = _say(waiting, said, error.message, "warn")
            waiting.pause(LOOK_SECONDS)
            continue
        answered = waiting.clock()
        if progress.done:
            _say(waiting, said, progress.message, "info")
            return progress.message
        if reason and reason.hopeless:
            raise _failed(deployment, reason.message)
        said = _say(waiting, said, f"{progress.message}{f' ({reason.message})' if reason else ''}", "info")
        if progress.stuck or answered - begun >= deadline:
            late = progress.message if progress.stuck else f"{progress.message} after {deadline:.0f} s"
            raise _failed(deployment, reason.message if reason else late)
        waiting.pause(LOOK_SECONDS)


def _look(api: KubernetesApi, deployment: JsonObject) -> tuple[Progress, Reason | None]:
    current = cast("JsonObject", api.request("GET", path_of(deployment)).body)
    progress = progress_of(current)
    if progress.done:
        return progress, None
    pods = pods_of_newest_revision(
        current, _list(api, current, "apps/v1", "replicasets"), _list(api, current, "v1", "pods")
    )
    return progress, reason_of(pods)


def _list(api: KubernetesApi, deployment: JsonObject, api_version: str, plural: str) -> Sequence[JsonObject]:
    labels = mapping_of(mapping_of(mapping_of(deployment, "spec"), "selector"), "matchLabels")
    selector = ",".join(f"{name}={value}" for name, value in labels.items())
    namespace = str(metadata_of(deployment)["namespace"])
    body = api.request("GET", collection(api_version, plural, namespace), query={"labelSelector": selector}).body
    items = cast("JsonObject", body).get("items")
    return [cast("JsonObject", each) for each in items] if isinstance(items, list) else []


def _say(waiting: Waiting, said: str, message: str, level: Level) -> str:
    if message != said:
        waiting.log(message, level)
    return message


def _failed(deployment: JsonObject, why: str) -> RolloutError:
    metadata = metadata_of(deployment)
    return RolloutError(
        f"{metadata['name']} does not come up: {why}.",
        remedy=f"Look at the log: kubectl logs -n {metadata['namespace']} deployment/{metadata['name']}",
    )
