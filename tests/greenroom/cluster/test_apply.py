"""Server-side apply: merging, owning, conflicts, letting go."""

from __future__ import annotations

from typing import Any

import pytest

from greenroom.local.cluster.errors import ApplyConflictError, StatusError
from greenroom.local.cluster.fields import decode, describe, encode
from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.operations import WriteOptions
from greenroom.local.cluster.resources import DEPLOYMENTS, SERVICES, Resource
from tests.greenroom.cluster.simulation import NAMESPACE, Simulation, deployment


def _apply(
    simulation: Simulation,
    manifest: Manifest,
    manager: str = "greenroom",
    kind: Resource = DEPLOYMENTS,
    **options: Any,
) -> Manifest:
    written = WriteOptions(manager=manager, **options)
    name = manifest["metadata"]["name"]
    applied, _ = simulation.cluster.operations.apply(kind, manifest, written, name, NAMESPACE)
    return applied


def _owned(manifest: Manifest, manager: str, operation: str = "Apply") -> set[str]:
    entries = manifest["metadata"]["managedFields"]
    (entry,) = [each for each in entries if (each["manager"], each["operation"]) == (manager, operation)]
    return {describe(path) for path in decode(entry["fieldsV1"])}


def _partial(**spec: Any) -> Manifest:
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "order-api"}, "spec": spec}


def _container(**fields: Any) -> Manifest:
    return {"template": {"spec": {"containers": [{"name": "app", **fields}]}}}


def test_applying_creates_and_owns_what_was_applied(simulation: Simulation) -> None:
    """Defaults are filled in, but owned by nobody."""
    applied = _apply(simulation, deployment())
    assert applied["spec"]["progressDeadlineSeconds"] == 600
    owned = _owned(applied, "greenroom")
    assert '.spec.template.spec.containers[name="app"].image' in owned
    assert '.spec.template.spec.containers[name="app"].ports[containerPort=8080,protocol="TCP"]' in owned
    assert ".spec.selector" in owned
    assert not any("progressDeadlineSeconds" in path for path in owned)


def test_applying_the_same_again_changes_nothing(simulation: Simulation) -> None:
    """No new version, and so no event for watchers."""
    first = _apply(simulation, deployment())
    assert _apply(simulation, deployment())["metadata"]["resourceVersion"] == first["metadata"]["resourceVersion"]


def test_another_value_for_anothers_field_is_a_conflict(simulation: Simulation) -> None:
    """In the words of the real server, with every field as a cause; nothing is changed."""
    _apply(simulation, deployment())
    wanted = _partial(replicas=9, **_container(image="registry.example/order-api:2"))
    with pytest.raises(ApplyConflictError) as caught:
        _apply(simulation, wanted, "other")
    assert caught.value.message == (
        'Apply failed with 2 conflicts: conflicts with "greenroom":\n'
        '- .spec.replicas\n- .spec.template.spec.containers[name="app"].image'
    )
    assert caught.value.body()["details"]["causes"][0] == {
        "reason": "FieldManagerConflict",
        "message": 'conflict with "greenroom"',
        "field": ".spec.replicas",
    }
    assert simulation.get(DEPLOYMENTS, "order-api")["spec"]["replicas"] == 3


def test_a_conflict_with_a_scale_names_the_subresource(simulation: Simulation) -> None:
    """As recorded: `conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas`."""
    _apply(simulation, deployment())
    options = WriteOptions(manager="kubectl", subresource="scale")
    scale = {"metadata": {"name": "order-api"}, "spec": {"replicas": 5}}
    simulation.cluster.operations.update(DEPLOYMENTS, scale, options, "order-api", NAMESPACE)
    with pytest.raises(ApplyConflictError) as caught:
        _apply(simulation, deployment())
    assert caught.value.message == (
        'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas'
    )


def test_force_takes_the_field(simulation: Simulation) -> None:
    """The forcing manager owns it alone; the other keeps the rest."""
    _apply(simulation, deployment())
    applied = _apply(simulation, _partial(replicas=9), "other", force=True)
    assert applied["spec"]["replicas"] == 9
    assert _owned(applied, "other") == {".spec.replicas"}
    assert ".spec.replicas" not in _owned(applied, "greenroom")


def test_the_same_value_is_shared(simulation: Simulation) -> None:
    """Both own the field; who stops applying it leaves it to the other."""
    _apply(simulation, deployment())
    shared = _apply(simulation, _partial(replicas=3, paused=False), "other")
    assert ".spec.replicas" in _owned(shared, "other") & _owned(shared, "greenroom")
    left = _apply(simulation, _partial(paused=False), "other")
    assert left["spec"]["replicas"] == 3
    assert ".spec.replicas" in _owned(left, "greenroom")


def test_what_is_no_longer_applied_is_removed(simulation: Simulation) -> None:
    """Fields, items of keyed lists and labels go; a defaulted field gets its default back."""
    full = deployment(progressDeadlineSeconds=30, replicas=4)
    full["metadata"]["labels"] = {"a": "1", "b": "2"}
    container = full["spec"]["template"]["spec"]["containers"][0]
    container["env"] = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    full["spec"]["template"]["spec"]["containers"].append({"name": "side", "image": "side:1"})
    _apply(simulation, full)
    less = deployment()
    less["metadata"]["labels"] = {"b": "2"}
    less["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "B", "value": "2"}]
    del less["spec"]["replicas"]
    applied = _apply(simulation, less)
    assert applied["metadata"]["labels"] == {"b": "2"}
    (left,) = applied["spec"]["template"]["spec"]["containers"]
    assert left["env"] == [{"name": "B", "value": "2"}]
    assert (applied["spec"]["replicas"], applied["spec"]["progressDeadlineSeconds"]) == (1, 600)


def test_items_of_others_stay(simulation: Simulation) -> None:
    """A list that is told apart by keys is merged: another manager's item survives, its field too."""
    _apply(simulation, deployment())
    env = {"containers": [{"name": "app", "env": [{"name": "TRACE", "value": "on"}]}]}
    simulation.patch(
        DEPLOYMENTS, "order-api", {"spec": {"template": {"spec": env}}}, "application/strategic-merge-patch+json"
    )
    mine = deployment()
    mine["spec"]["template"]["spec"]["containers"][0]["env"] = [{"name": "MINE", "value": "1"}]
    applied = _apply(simulation, mine)
    names = {each["name"] for each in applied["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert names == {"TRACE", "MINE"}
    applied = _apply(simulation, deployment())
    assert [each["name"] for each in applied["spec"]["template"]["spec"]["containers"][0]["env"]] == ["TRACE"]


def test_an_update_takes_the_fields_it_changes(simulation: Simulation) -> None:
    """And only those; the applier then conflicts with it."""
    _apply(simulation, deployment())
    changed = simulation.patch(DEPLOYMENTS, "order-api", {"spec": {"replicas": 7}})
    assert _owned(changed, "a-user", "Update") == {".spec.replicas"}
    assert ".spec.replicas" not in _owned(changed, "greenroom")
    with pytest.raises(ApplyConflictError, match=r'conflict with "a-user" using apps/v1: \.spec\.replicas'):
        _apply(simulation, deployment())


def test_ports_of_a_service_are_told_apart_by_port_and_protocol(simulation: Simulation) -> None:
    """The same port over another protocol is another item."""
    body: Manifest = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "dns"}}
    first = {**body, "spec": {"ports": [{"name": "tcp", "port": 53}]}}
    second = {**body, "spec": {"ports": [{"name": "udp", "port": 53, "protocol": "UDP"}]}}
    _apply(simulation, first, "one", SERVICES)
    applied = _apply(simulation, second, "two", SERVICES)
    assert [(each["name"], each["protocol"]) for each in applied["spec"]["ports"]] == [("tcp", "TCP"), ("udp", "UDP")]


def test_a_dry_run_answers_and_stores_nothing(simulation: Simulation) -> None:
    """For a new object and for a changed one."""
    answer = _apply(simulation, deployment(), dry_run=True)
    assert answer["spec"]["replicas"] == 3
    assert not simulation.objects(DEPLOYMENTS)
    _apply(simulation, deployment())
    changed = _apply(simulation, _partial(replicas=9), "other", dry_run=True, force=True)
    assert (changed["spec"]["replicas"], changed["metadata"]["generation"]) == (9, 2)
    assert simulation.get(DEPLOYMENTS, "order-api")["spec"]["replicas"] == 3


def test_generation_counts_changes_of_the_spec_only(simulation: Simulation) -> None:
    """Labels, annotations and status leave it alone."""
    _apply(simulation, deployment())
    labelled = {**deployment(), "metadata": {"name": "order-api", "annotations": {"note": "x"}}}
    assert _apply(simulation, labelled)["metadata"]["generation"] == 1
    assert _apply(simulation, deployment(replicas=5))["metadata"]["generation"] == 2


def test_an_applied_status_is_not_the_appliers_business(simulation: Simulation) -> None:
    """`status` in what is applied is left out; managedFields in it are refused."""
    applied = _apply(simulation, {**deployment(), "status": {"replicas": 99}})
    assert "replicas" not in applied["status"]
    with pytest.raises(StatusError, match="managedFields must be nil"):
        _apply(simulation, {**deployment(), "metadata": {"name": "order-api", "managedFields": [{"manager": "x"}]}})


def test_managed_fields_reset_and_migrate(simulation: Simulation) -> None:
    """`managedFields: [{}]` forgets the owners; a client may rewrite them, and nonsense is refused."""
    _apply(simulation, deployment())
    reset = simulation.patch(DEPLOYMENTS, "order-api", {"metadata": {"managedFields": [{}]}})
    assert "managedFields" not in reset["metadata"]
    entry = {"manager": "x", "operation": "Update", "apiVersion": "apps/v1", "fieldsV1": {"nonsense": {}}}
    with pytest.raises(StatusError, match="fieldsV1 has the unknown path element"):
        simulation.patch(DEPLOYMENTS, "order-api", {"metadata": {"managedFields": [entry]}})


def test_field_sets_survive_the_wire() -> None:
    """What is decoded and encoded again is the same."""
    tree: Manifest = {
        "f:spec": {"f:a": {}, "f:list": {".": {}, 'k:{"name":"x"}': {".": {}, "f:name": {}}, 'v:"y"': {}}}
    }
    assert encode(decode(tree)) == tree
