"""What chooses pods by their labels: a Service those that it sends to, a budget those that it guards.

Held against the labels of a workload's pod template, so that a service without a single pod has its Service all the same, and
so that a pod, of which there are the most, costs nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from foundation.health.masks import KEEP, Mask, kept
from foundation.json_fields import mapping_at, mappings_at, text_at
from foundation.jsontypes import Json, JsonObject

# `name=value`. Neither may hold an equals sign (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/).
Label: TypeAlias = str

# What is kept of those that choose, and of those whose pods are chosen.
SELECTOR: Mapping[str, Mask] = {"spec": kept("selector")}
TEMPLATE_LABELS: Mapping[str, Mask] = {"spec": {"template": {"metadata": {"labels": KEEP}}}}

# What has a template, and whose owner has it as well; of a Job, nobody is a client.
_NOT_CHOSEN = frozenset({"ReplicaSet", "Job"})


@dataclass(frozen=True, slots=True)
class Selector:
    """Chooses pods with one label of each group of `wanted`, none of `unwanted`, and all names of `present`, none of `absent`."""

    wanted: tuple[tuple[Label, ...], ...]
    unwanted: tuple[Label, ...] = ()
    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    def chooses(self, labels: Collection[Label]) -> bool:
        """Whether pods with these labels are chosen."""
        if not all(any(each in labels for each in group) for group in self.wanted):
            return False
        if any(each in labels for each in self.unwanted):
            return False
        names = {each.partition("=")[0] for each in labels} if self.present or self.absent else set()
        return names.issuperset(self.present) and names.isdisjoint(self.absent)


def selector_of(item: JsonObject) -> Selector | None:
    """How `item` chooses pods; None where it chooses none.

    One that names no label, as an empty one, is about a namespace and no service in it, and passes for none.
    """
    given = mapping_at(item, "spec", "selector")
    match text_at(item, "kind"):
        case "Service":
            selector: Selector | None = Selector(tuple((each,) for each in _labels(given)))
        case "PodDisruptionBudget":
            selector = _of_expressions(given)
        case _:
            return None
    return selector if selector and selector.wanted else None


def labels_of_pods(item: JsonObject) -> tuple[Label, ...]:
    """The labels of the pods that `item` makes; none for what others make pods by."""
    if text_at(item, "kind") in _NOT_CHOSEN:
        return ()
    return _labels(mapping_at(item, "spec", "template", "metadata", "labels"))


def _of_expressions(given: JsonObject) -> Selector | None:
    """None where one of the expressions is not known: nobody can say whom it chooses."""
    wanted: list[tuple[Label, ...]] = [(each,) for each in _labels(mapping_at(given, "matchLabels"))]
    unwanted: list[Label] = []
    present: list[str] = []
    absent: list[str] = []
    for each in mappings_at(given, "matchExpressions"):
        name = text_at(each, "key")
        labels = tuple(_label(name, value) for value in _texts(each.get("values")))
        match text_at(each, "operator"):
            case "In":
                wanted.append(labels)
            case "NotIn":
                unwanted += labels
            case "Exists":
                present.append(name)
            case "DoesNotExist":
                absent.append(name)
            case _:
                return None
    return Selector(tuple(wanted), tuple(unwanted), tuple(present), tuple(absent))


def _labels(given: JsonObject) -> tuple[Label, ...]:
    return tuple(_label(name, value) for name, value in given.items() if isinstance(value, str))


def _label(name: str, value: str) -> Label:
    # One copy for the workload and all that choose it.
    return sys.intern(f"{name}={value}")


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()
