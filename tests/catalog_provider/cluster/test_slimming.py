from __future__ import annotations

import json

import pytest

from catalog_provider.cluster.kinds import KINDS, POD, Kind
from catalog_provider.cluster.slimming import LONGEST_TEXT, slim
from tests.catalog_provider.recording import load_list

RECORDED = [kind for kind in KINDS if load_list(kind.plural)["items"]]


@pytest.mark.parametrize("kind", RECORDED, ids=lambda kind: kind.name)
def test_most_of_an_object_is_not_kept(kind: Kind) -> None:
    """A recorded object keeps under half of itself, and what nobody reads is gone."""
    for item in load_list(kind.plural)["items"]:
        kept = json.dumps(slim(kind, item))
        assert len(kept) < len(json.dumps(item)) / 2
        assert "managedFields" not in kept
        assert "annotations" not in kept


def test_a_pod_keeps_what_its_rule_reads() -> None:
    """Identity, owner, labels of the service, images, conditions and the states of its containers."""
    (item,) = [
        each for each in load_list("pods")["items"] if each["metadata"]["name"] == "stuck-migration-6c455f689b-vh65m"
    ]
    kept = slim(POD, item)
    assert kept["kind"] == "Pod"
    assert json.loads(json.dumps(kept["metadata"]))["labels"] == {
        "app.kubernetes.io/name": "stuck-migration",
        "backstage.io/kubernetes-id": "stuck-migration",
    }
    (init,) = json.loads(json.dumps(kept["status"]))["initContainerStatuses"]
    assert init["state"] == {
        "waiting": {"reason": "CrashLoopBackOff", "message": "back-off 5m0s restarting failed container"}
    }
    assert init["lastState"]["terminated"]["exitCode"] == 1


def test_slimming_twice_changes_nothing_of_meaning() -> None:
    """A removed object is slimmed from its last state, and must match the one that is kept."""
    for item in load_list("pods")["items"]:
        once = json.loads(json.dumps(slim(POD, item)))
        assert json.loads(json.dumps(slim(POD, once))) == once


def test_hostile_shapes_and_endless_texts_are_bounded() -> None:
    """An object of any shape is cut down without an error."""
    kept = slim(POD, {"metadata": "no", "spec": [1, {"restartPolicy": "x"}], "status": {"message": "m" * 10_000}})
    assert json.loads(json.dumps(kept))["status"]["message"] == "m" * LONGEST_TEXT
    assert "metadata" not in kept or kept["metadata"] == "no"
