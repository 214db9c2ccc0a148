"""Conditions, and the verdict that they alone give on an object of a kind without a rule.

Conditions are how Kubernetes asks controllers to speak
(https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties).
kstatus (cli-utils/pkg/kstatus) and Argo CD (gitops-engine/pkg/health) read them differently; where they contradict each
other, decision 43 says which is followed, and why.
"""

from __future__ import annotations

from collections.abc import Mapping

from foundation.health.masks import kept
from foundation.health.verdict import Status, Verdict
from foundation.json_fields import mapping_at, mappings_at, moment_at, number_at, text_at, value_at
from foundation.jsontypes import JsonObject

CONDITION = kept("type", "status", "reason", "message", "lastTransitionTime", "observedGeneration")
READS = {"spec": kept("suspend", "paused"), "status": kept("observedGeneration", conditions=CONDITION)}

# The word that says that all is well, the most telling first.
_GOOD = ("Ready", "Available", "Healthy", "Synced", "Succeeded", "Established", "Accepted", "Programmed")
# Words that say by being true that something is wrong for good.
_BAD = ("Stalled", "Failed", "Degraded")
# Words that say by being true that something is under way.
_BUSY = ("Reconciling", "Progressing")
# A `False` with one of these means that it has not got so far yet (cert-manager, Crossplane, Flux, Knative, Cluster API).
_PASSING_REASONS = (
    "Progressing",
    "Pending",
    "Creating",
    "Deleting",
    "Provisioning",
    "Initializing",
    "Reconciling",
    "Waiting",
    "InProgress",
    "DoesNotExist",
    "Issuing",
    "Unknown",
    "Deploying",
    "Scaling",
    "Upgrading",
)

# What is said of an older generation than the object's says nothing of the object.
UNOBSERVED = Verdict(Status.PROGRESSING, "The last change has not been taken up yet", "Unobserved")
# Finalizers that are named of an object that is on its way out; more are not read.
_MOST_FINALIZERS = 3
# Digits of a generation, which has 64 bits.
_LONGEST_NUMBER = 20


def condition_of(item: JsonObject, kind: str) -> JsonObject:
    """The condition `kind` of `item`, empty where it has none."""
    return next((each for each in mappings_at(item, "status", "conditions") if each.get("type") == kind), {})


def is_deleting(item: JsonObject) -> bool:
    """Whether someone asked for it to go."""
    return bool(text_at(item, "metadata", "deletionTimestamp"))


def terminating(item: JsonObject) -> Verdict | None:
    """That `item` is on its way out, since when, and what holds it; None where it is not."""
    if not is_deleting(item):
        return None
    held = value_at(item, "metadata", "finalizers")
    names = [str(each)[:80] for each in held[:_MOST_FINALIZERS]] if isinstance(held, (list, tuple)) else []
    waits = f"; it waits for {', '.join(names)}" if names else ""
    said = f"{text_at(item, 'kind') or 'It'} is being deleted{waits}"
    # With a grace, as pods have it, the timestamp is when that ends, which is no moment to count from.
    has_grace = number_at(item, "metadata", "deletionGracePeriodSeconds") > 0
    since = None if has_grace else moment_at(item, "metadata", "deletionTimestamp")
    return Verdict(Status.PROGRESSING, said, "Terminating", since)


def unobserved(item: JsonObject) -> Verdict | None:
    """That what `status` says is about an older generation; None where it is not, or does not say."""
    observed = mapping_at(item, "status").get("observedGeneration")
    if isinstance(observed, str) and observed.isdecimal() and len(observed) <= _LONGEST_NUMBER:
        # Argo Rollouts writes the number as a text.
        observed = int(observed)
    if not isinstance(observed, int) or number_at(item, "metadata", "generation") <= observed:
        return None
    return UNOBSERVED


def is_current(condition: JsonObject, item: JsonObject) -> bool:
    """Whether `condition` is about the object as it is now; one that does not say is taken to be."""
    observed = condition.get("observedGeneration")
    return not isinstance(observed, int) or observed >= number_at(item, "metadata", "generation")


def words_of(condition: JsonObject) -> str:
    """What `condition` says, on one line: its message, or else its reason, or else its type."""
    text = text_at(condition, "message") or text_at(condition, "reason") or text_at(condition, "type")
    return " ".join(text.split())


def told(status: Status, condition: JsonObject, lead: str = "") -> Verdict:
    """A verdict in the words of a condition, behind `lead`."""
    words = words_of(condition)
    reason = text_at(condition, "reason") or text_at(condition, "type") or None
    return Verdict(status, f"{lead}: {words}" if lead else words, reason, moment_at(condition, "lastTransitionTime"))


def judge_conditions(item: JsonObject) -> Verdict | None:
    """What the standard conditions say; None where there are none of them."""
    early = terminating(item) or unobserved(item)
    if early:
        return early
    found = {text_at(each, "type"): each for each in mappings_at(item, "status", "conditions")}
    if not any(name in found for name in (*_GOOD, *_BAD, *_BUSY)):
        return None
    return _of_trouble(item, found) or _of_progress(found) or _of_good(item, found)


def _of_trouble(item: JsonObject, found: Mapping[str, JsonObject]) -> Verdict | None:
    for name in _BAD:
        condition = found.get(name, {})
        if condition.get("status") == "True" and is_current(condition, item):
            return told(Status.DEGRADED, condition)
    return None


def _of_progress(found: Mapping[str, JsonObject]) -> Verdict | None:
    condition = found.get("Reconciling", {})
    return told(Status.PROGRESSING, condition) if condition.get("status") == "True" else None


def _of_good(item: JsonObject, found: Mapping[str, JsonObject]) -> Verdict:
    named = [found[name] for name in _GOOD if name in found]
    for condition in named:
        if not is_current(condition, item):
            return UNOBSERVED
    false = next((each for each in named if each.get("status") == "False"), None)
    if false:
        passing = text_at(false, "reason") in _PASSING_REASONS or found.get("Progressing", {}).get("status") == "True"
        return told(Status.PROGRESSING if passing else Status.DEGRADED, false)
    unknown = next((each for each in named if each.get("status") != "True"), None)
    if unknown:
        return told(Status.PROGRESSING, unknown)
    if named:
        said = f"{text_at(item, 'kind')} is {text_at(named[0], 'type').lower()}"
        return Verdict(Status.HEALTHY, said, None, moment_at(named[0], "lastTransitionTime"))
    busy = found.get("Progressing", {})
    if busy.get("status") == "True":
        return told(Status.PROGRESSING, busy)
    first = next(iter(found.values()))
    return Verdict(
        Status.HEALTHY, f"{text_at(item, 'kind')} reports no trouble", None, moment_at(first, "lastTransitionTime")
    )
