"""Which kinds a cluster serves, and what a service can do without."""

from __future__ import annotations

import pytest

from foundation.connections.kubernetes import KubernetesApi
from foundation.jsontypes import JsonObject
from scaffolder_actions.errors import UnservedKindError
from scaffolder_actions.rollouts.kinds import KINDS, MONITORING, Kind, served_kinds, unserved_objects

NOWHERE = Kind("nowhere.example.com/v1", "Thing")


def item(kind: Kind) -> JsonObject:
    return {"apiVersion": kind.api_version, "kind": kind.kind, "metadata": {"name": "order-api"}}


def test_no_kind_is_there_twice() -> None:
    """Each kind has one place in the order of taking away."""
    assert len(set(KINDS)) == len(KINDS)


def test_what_is_served(api: KubernetesApi) -> None:
    """Of what is asked about, what there is a place for; a part of an object, such as its scale, is no kind."""
    asked = {Kind("v1", "Service"), Kind("apps/v1", "Deployment"), NOWHERE, Kind("v1", "Nothing")}
    assert served_kinds(api, asked) == {Kind("v1", "Service"), Kind("apps/v1", "Deployment")}
    assert served_kinds(api, [Kind("apps/v1", "Scale")]) == frozenset()


def test_what_is_needed(api: KubernetesApi) -> None:
    """A kind that the cluster has no place for is an error, which names what brings it where that is known."""
    service = item(Kind("v1", "Service"))
    assert unserved_objects(api, [service]) == ()
    with pytest.raises(UnservedKindError, match=r"one does not serve Thing \(nowhere\.example\.com/v1\)") as raised:
        unserved_objects(api, [service, item(NOWHERE)])
    assert "Install nowhere.example.com/v1 in the cluster" in str(raised.value)


def test_what_can_be_left_out(api: KubernetesApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service runs without being watched where a cluster has no Prometheus operator."""
    monkeypatch.setattr("scaffolder_actions.rollouts.kinds.MONITORING", (*MONITORING, NOWHERE))
    watching = item(NOWHERE)
    assert unserved_objects(api, [item(Kind("v1", "Service")), watching]) == (watching,)
