"""Which fields differ: paths that people read, and nothing where nothing differs."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.jsontypes import Json
from scaffolder_actions.plans.fields import differences


def changed(before: Json, after: Json) -> dict[str, tuple[Json, Json]]:
    return {each.path: (each.before, each.after) for each in differences(before, after)}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"spec": {"maxReplicas": 10}}, {"spec": {"maxReplicas": 20}}, {"spec.maxReplicas": (10, 20)}),
        ({"a": 1}, {"a": 1, "b": {"c": 2}}, {"b": (None, {"c": 2})}),
        ({"a": [1, 2]}, {}, {"a": ([1, 2], None)}),
        ({"a": None}, {}, {}),
        ({"a": True}, {"a": 1}, {"a": (True, 1)}),
        ({"a": 1}, {"a": 1.0}, {}),
        ({"a": "x"}, {"a": {"b": 1}}, {"a": ("x", {"b": 1})}),
        ({"command": ["run"]}, {"command": ["run", "fast"]}, {"command": (["run"], ["run", "fast"])}),
        (
            {"labels": {"app.kubernetes.io/name": "a"}},
            {"labels": {"app.kubernetes.io/name": "b"}},
            {"labels[app.kubernetes.io/name]": ("a", "b")},
        ),
        (
            {"containers": [{"name": "app", "image": "a:1"}, {"name": "proxy", "image": "p:1"}]},
            {"containers": [{"name": "proxy", "image": "p:1"}, {"name": "app", "image": "a:2"}]},
            {"containers[app].image": ("a:1", "a:2")},
        ),
        (
            {"env": [{"name": "A", "value": "1"}]},
            {"env": [{"name": "B", "value": "1"}]},
            {"env[A]": ({"name": "A", "value": "1"}, None), "env[B]": (None, {"name": "B", "value": "1"})},
        ),
        (
            {"volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, {"name": "tmp", "mountPath": "/run"}]},
            {"volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, {"name": "run", "mountPath": "/run"}]},
            {"volumeMounts[/run].name": ("tmp", "run")},
        ),
        (
            {"policies": [{"type": "Percent", "value": 50}, {"type": "Percent", "value": 60}]},
            {"policies": [{"type": "Percent", "value": 50}, {"type": "Percent", "value": 70}]},
            {"policies[1].value": (60, 70)},
        ),
        ({"ports": []}, {"ports": [{"name": "http"}]}, {"ports[http]": (None, {"name": "http"})}),
    ],
)
def test_differences(before: Json, after: Json, expected: dict[str, tuple[Json, Json]]) -> None:
    """Each field as deep as both sides go; entries of lists by what they are called, where each has a name of its own."""
    assert changed(before, after) == expected


def test_looks_into_text_that_is_json() -> None:
    """A dashboard is one long text in a ConfigMap; what changed in it is said, and not all of it."""

    def config_map(title: str) -> Json:
        panels = [{"id": 1, "title": "Requests", "unit": "rps"}, {"id": 2, "title": title}]
        return {"data": {"dashboard.json": json.dumps({"panels": panels})}}

    assert changed(config_map("Errors"), config_map("Failures")) == {
        "data[dashboard.json].panels[Errors]": ({"id": 2, "title": "Errors"}, None),
        "data[dashboard.json].panels[Failures]": (None, {"id": 2, "title": "Failures"}),
    }
    assert changed({"a": "{broken"}, {"a": "{}"}) == {"a": ("{broken", "{}")}


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
        | st.lists(st.fixed_dictionaries({"name": st.text(max_size=3), "value": inner}), max_size=3)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_the_same_differs_in_nothing(value: Any) -> None:
    """Whatever it is."""
    assert changed(value, copy.deepcopy(value)) == {}


@given(VALUES, VALUES)
def test_every_difference_is_one(before: Any, after: Any) -> None:
    """No path stands for two values that are equal, and no change is said from one side alone."""
    forth = changed(before, after)
    assert all(
        first != second or isinstance(first, bool) != isinstance(second, bool) for first, second in forth.values()
    )
    assert changed(after, before) == {path: (second, first) for path, (first, second) in forth.items()}
