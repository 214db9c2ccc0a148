"""Whether an object that was applied does what it is there for: the rules of health, as the gate of a rollout needs them.

The gate waits for what controllers answer to what was applied, and for nothing that comes and goes while a service runs, such
as the metrics of an autoscaler: other objects are well as soon as they are there. Deployments need their pods as well; see
`reasons`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from foundation.health import Status as Health
from foundation.health import Verdict
from foundation.health.conditions import UNOBSERVED
from foundation.health.kinds import GroupKind, group_kind_of
from foundation.health.rulebook import standard_rulebook
from foundation.json_fields import mapping_at, number_at, text_at
from foundation.jsontypes import JsonObject
from scaffolder_actions.rollouts.children import Status
from scaffolder_actions.rollouts.paths import metadata_of

# Characters of a controller's own words.
LONGEST = 300

_DEPLOYMENT: Final = GroupKind("apps", "Deployment")
_EXTERNAL_SECRET: Final = GroupKind("external-secrets.io", "ExternalSecret")
_JUDGED: Final = frozenset(
    {
        _DEPLOYMENT,
        GroupKind("cert-manager.io", "Certificate"),
        GroupKind("gateway.networking.k8s.io", "HTTPRoute"),
        GroupKind("gateway.networking.k8s.io", "ListenerSet"),
        _EXTERNAL_SECRET,
    }
)
_STATUSES: Final[dict[Health, Status]] = {Health.HEALTHY: "Healthy", Health.DEGRADED: "Degraded"}
# None of these kinds is judged by the time of day.
_ANY_TIME: Final = datetime.min.replace(tzinfo=UTC)
# The cluster itself has given up waiting. Other controllers go on trying: what fails now may be well in a moment.
_GIVEN_UP: Final = "ProgressDeadlineExceeded"


@dataclass(frozen=True)
class Judgement:
    """How an object is doing, and why. `hopeless` means that it does not pass by itself."""

    status: Status
    reason: str = ""
    hopeless: bool = False


HEALTHY = Judgement("Healthy")
MISSING = Judgement("Missing", "it is not there", hopeless=True)


def judge(item: JsonObject | None) -> Judgement:
    """How an object of a cluster is doing; None is one that is not there."""
    if item is None:
        return MISSING
    if "deletionTimestamp" in metadata_of(item):
        return Judgement("Progressing", "it is being removed")
    kind = group_kind_of(item)
    if kind not in _JUDGED:
        return HEALTHY
    verdict = _verdict(kind, item)
    # Logs of a rollout tell of several Deployments in turn.
    words = f"{metadata_of(item).get('name')}: {verdict.message}" if kind == _DEPLOYMENT else verdict.message
    return Judgement(_STATUSES.get(verdict.status, "Progressing"), _cut(words), hopeless=verdict.reason == _GIVEN_UP)


def _verdict(kind: GroupKind, item: JsonObject) -> Verdict:
    if kind == _EXTERNAL_SECRET and _is_behind(item):
        return UNOBSERVED
    verdict = standard_rulebook().judge(item, _ANY_TIME)
    if kind != _DEPLOYMENT or verdict.status is not Health.SUSPENDED:
        return verdict
    # Somebody has paused it: that stands against a change that is still to be rolled out, and against nothing else.
    spec = {name: value for name, value in mapping_at(item, "spec").items() if name != "paused"}
    going = standard_rulebook().judge({**item, "spec": spec}, _ANY_TIME)
    return going if going.status is Health.HEALTHY else verdict


def _is_behind(item: JsonObject) -> bool:
    """External Secrets notes as `syncedResourceVersion` which generation, and which labels and annotations, it read.

    https://external-secrets.io/latest/api/spec/#external-secrets.io/v1.ExternalSecretStatus
    """
    synced = text_at(item, "status", "syncedResourceVersion").partition("-")[0]
    generation = number_at(item, "metadata", "generation")
    return bool(synced and generation) and synced != str(generation)


def _cut(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
