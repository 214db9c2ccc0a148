"""The patch types, on plain data."""

from __future__ import annotations

import pytest

from greenroom.local.cluster.errors import StatusError
from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.patches import JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH, apply_patch

_POD: Manifest = {
    "spec": {
        "replicas": 1,
        "containers": [
            {"name": "app", "image": "app:1", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]},
            {"name": "side", "image": "side:1"},
        ],
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}},
        "tolerations": [{"key": "a"}],
    },
    "metadata": {"finalizers": ["a", "b"]},
}


def _strategic(patch: Manifest) -> Manifest:
    return apply_patch(STRATEGIC_MERGE_PATCH, _POD, patch)


def test_a_merge_patch_merges_maps_and_replaces_lists() -> None:
    """RFC 7386: null removes."""
    patched = apply_patch(MERGE_PATCH, _POD, {"spec": {"replicas": None, "containers": [{"name": "only"}]}})
    assert patched["spec"]["containers"] == [{"name": "only"}]
    assert "replicas" not in patched["spec"]
    assert "replicas" in _POD["spec"]


def test_a_strategic_patch_merges_items_by_their_key() -> None:
    """One container's image changes, its environment and the other container stay."""
    patched = _strategic(
        {"spec": {"containers": [{"name": "app", "image": "app:2", "env": [{"name": "A", "value": "9"}]}]}}
    )
    app, side = patched["spec"]["containers"]
    assert (app["image"], [each["value"] for each in app["env"]], side["image"]) == ("app:2", ["9", "2"], "side:1")


def test_strategic_directives() -> None:
    """`$patch`, `$retainKeys`, `$setElementOrder` and `$deleteFromPrimitiveList` do what kubectl means by them."""
    deleted = _strategic({"spec": {"containers": [{"name": "side", "$patch": "delete"}]}})
    assert [each["name"] for each in deleted["spec"]["containers"]] == ["app"]
    replaced = _strategic({"spec": {"strategy": {"type": "Recreate", "$patch": "replace"}}})
    assert replaced["spec"]["strategy"] == {"type": "Recreate"}
    retained = _strategic({"spec": {"strategy": {"type": "Recreate", "$retainKeys": ["type"]}}})
    assert retained["spec"]["strategy"] == {"type": "Recreate"}
    order = {"$setElementOrder/containers": [{"name": "side"}, {"name": "app"}], "containers": [{"name": "app"}]}
    assert [each["name"] for each in _strategic({"spec": order})["spec"]["containers"]] == ["side", "app"]
    shorter = _strategic({"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}})
    assert shorter["metadata"]["finalizers"] == ["b"]
    whole = _strategic({"spec": {"containers": [{"$patch": "replace"}, {"name": "new"}]}})
    assert whole["spec"]["containers"] == [{"name": "new"}]


def test_lists_without_a_key_are_replaced() -> None:
    """As the API's own types say of tolerations."""
    assert _strategic({"spec": {"tolerations": [{"key": "b"}]}})["spec"]["tolerations"] == [{"key": "b"}]


def test_a_json_patch_follows_its_operations() -> None:
    """RFC 6902, with tests."""
    patch = [
        {"op": "test", "path": "/spec/replicas", "value": 1},
        {"op": "replace", "path": "/spec/replicas", "value": 5},
        {"op": "remove", "path": "/spec/containers/1"},
    ]
    patched = apply_patch(JSON_PATCH, _POD, patch)
    assert (patched["spec"]["replicas"], len(patched["spec"]["containers"])) == (5, 1)


@pytest.mark.parametrize(
    ("kind", "patch", "code"),
    [
        (JSON_PATCH, {"op": "replace"}, 400),
        (JSON_PATCH, [{"op": "leap", "path": "/spec"}], 400),
        (JSON_PATCH, [{"op": "test", "path": "/spec/replicas", "value": 2}], 422),
        (JSON_PATCH, [{"op": "remove", "path": "/nowhere/at/all"}], 422),
        (MERGE_PATCH, [1], 400),
        (STRATEGIC_MERGE_PATCH, "text", 400),
        (STRATEGIC_MERGE_PATCH, {"spec": {"containers": [{"image": "x"}]}}, 400),
    ],
)
def test_patches_that_are_none_or_do_not_fit(kind: str, patch: object, code: int) -> None:
    """400 for what is no patch, 422 for what does not fit the object."""
    with pytest.raises(StatusError) as caught:
        apply_patch(kind, _POD, patch)
    assert caught.value.code == code
