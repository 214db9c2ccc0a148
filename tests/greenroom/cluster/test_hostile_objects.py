"""Whatever a client sends is stored or refused; nothing of it breaks the server or a controller."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenroom.local.cluster.errors import StatusError
from greenroom.local.cluster.objects import Manifest, duplicate
from greenroom.local.cluster.operations import WriteOptions
from greenroom.local.cluster.patches import MERGE_PATCH, STRATEGIC_MERGE_PATCH
from greenroom.local.cluster.resources import resource_of_kind
from tests.greenroom.cluster.manifests import (
    certificate,
    cron_job,
    external_secret,
    listener_set,
    reference_grant,
    route,
    service_monitor,
)
from tests.greenroom.cluster.simulation import NAMESPACE, Simulation, deployment

_POD: Manifest = {
    "restartPolicy": "Always",
    "initContainers": [{"name": "init", "image": "init:1"}],
    "containers": [
        {
            "name": "app",
            "image": "app:1",
            "env": [
                {"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}},
                {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k", "optional": True}}},
            ],
            "envFrom": [{"configMapRef": {"name": "c", "optional": True}}],
            "ports": [{"containerPort": 80}],
            "readinessProbe": {"httpGet": {"port": 80}},
            "resources": {"requests": {"cpu": "100m"}},
        }
    ],
    "volumes": [{"name": "v", "configMap": {"name": "x"}}],
}
_LABELS = {"app": "a"}
_SELECTOR: Manifest = {"matchLabels": _LABELS, "matchExpressions": [{"key": "app", "operator": "In", "values": ["a"]}]}
_WORKLOAD: Manifest = {"selector": _SELECTOR, "template": {"metadata": {"labels": _LABELS}, "spec": _POD}}
_CLAIM: Manifest = {"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}}


def _object(api_version: str, kind: str, **content: Any) -> Manifest:
    owner = {"apiVersion": "v1", "kind": "ConfigMap", "name": "o", "uid": "u", "controller": False}
    metadata = {"name": "thing", "labels": _LABELS, "annotations": {"a": "b"}, "ownerReferences": [owner]}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **content}


_OBJECTS: list[Manifest] = [
    deployment("thing", strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": "25%"}}),
    _object("apps/v1", "StatefulSet", spec={**_WORKLOAD, "replicas": 1, "volumeClaimTemplates": [_CLAIM]}),
    _object("apps/v1", "DaemonSet", spec={**_WORKLOAD, "updateStrategy": {"type": "RollingUpdate"}}),
    _object("apps/v1", "ReplicaSet", spec={**_WORKLOAD, "replicas": 1}),
    _object("v1", "Pod", spec=_POD),
    _object("batch/v1", "Job", spec={"completions": 1, "template": {"spec": {**_POD, "restartPolicy": "Never"}}}),
    _object("v1", "Service", spec={"selector": _LABELS, "type": "LoadBalancer", "ports": [{"name": "a", "port": 80}]}),
    _object(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        spec={
            "scaleTargetRef": {"kind": "Deployment", "name": "other", "apiVersion": "apps/v1"},
            "minReplicas": 1,
            "maxReplicas": 3,
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"averageUtilization": 70}}}],
        },
    ),
    _object("policy/v1", "PodDisruptionBudget", spec={"minAvailable": "50%", "selector": _SELECTOR}),
    _object("v1", "PersistentVolumeClaim", spec=_CLAIM["spec"]),
    _object("v1", "Secret", stringData={"a": "b"}, data={"c": "ZA=="}),
    _object("v1", "ConfigMap", data={"a": "b"}),
    _object("v1", "Event", involvedObject={"kind": "Pod", "uid": "u"}, reason="R", message="m", count=1),
    _object("networking.k8s.io/v1", "Ingress", spec={"rules": [{"host": "a"}]}),
    *(
        {**each, "metadata": {"name": "thing", "labels": _LABELS}}
        for each in (
            cron_job("* * * * *", timeZone="Europe/Berlin", concurrencyPolicy="Replace", startingDeadlineSeconds=30),
            route(),
            listener_set(),
            reference_grant(),
            certificate(commonName="a", secretTemplate={"labels": {"a": "b"}}),
            external_secret(target={"name": "x", "template": {"metadata": {"labels": {"a": "b"}}, "data": {"a": "b"}}}),
            service_monitor(),
            _object(
                "gateway.networking.k8s.io/v1",
                "Gateway",
                spec={
                    "gatewayClassName": "simulated",
                    "listeners": [{"name": "a", "port": 80, "protocol": "HTTP", "hostname": "*.a"}],
                    "allowedListeners": {"namespaces": {"from": "Selector", "selector": _SELECTOR}},
                },
            ),
        )
    ),
]

_VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 3, 10**12, 1.5, "", "x", "%", "5%", [], ["x"], [1], [None], [{}], [[]], {}, {"x": 1}, {"x": {}}]
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    if isinstance(value, dict):
        return found + [place for key, item in value.items() for place in _places(item, (*path, key))]
    if isinstance(value, list):
        return found + [place for index, item in enumerate(value) for place in _places(item, (*path, index))]
    return found


@st.composite
def _spoiled(draw: st.DrawFn) -> Manifest:
    """A good object with one or two of its values replaced by others."""
    manifest: Manifest = duplicate(draw(st.sampled_from(_OBJECTS)))
    for _ in range(draw(st.integers(1, 2))):
        places = [place for place in _places(manifest) if place[0] not in {"apiVersion", "kind"}]
        *way, last = draw(st.sampled_from(places))
        node: Any = manifest
        for step in way:
            node = node[step]
        node[last] = duplicate(draw(_VALUES))
    return manifest


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(manifest=_spoiled(), way=st.sampled_from(["create", "apply", "merge", "strategic", "replace"]))
def test_spoiled_objects(caplog: pytest.LogCaptureFixture, manifest: Manifest, way: str) -> None:
    """By every way of writing; then the controllers get a minute, and a watcher's table its cells."""
    from greenroom.local.cluster.http.forms import form_of

    caplog.clear()
    simulation = Simulation()
    simulation.deployed("other", replicas=1)
    kind = resource_of_kind(manifest["apiVersion"], manifest["kind"])
    assert kind is not None
    good = next(each for each in _OBJECTS if each["kind"] == manifest["kind"])
    options = WriteOptions(manager="fuzz", force=True)
    operations = simulation.cluster.operations
    try:
        if way in {"merge", "strategic", "replace"}:
            old = operations.create(kind, NAMESPACE, duplicate(good), options)
        if way == "create":
            operations.create(kind, NAMESPACE, manifest, options)
        elif way == "apply":
            operations.apply(kind, manifest, options, "thing", NAMESPACE)
        elif way == "replace":
            operations.update(kind, manifest, options, "thing", NAMESPACE)
        else:
            operations.patch(kind, old, manifest, MERGE_PATCH if way == "merge" else STRATEGIC_MERGE_PATCH, options)
    except StatusError as error:
        # An apply of undefined fields is what a real server calls a fault of its own.
        codes = {500} if "field not declared in schema" in error.message else {400, 409, 422}
        assert error.code in codes  # noqa: PT017 - being refused is as good as being stored
        return
    simulation.clock.advance(60)
    table = form_of("application/json;as=Table;v=v1;g=meta.k8s.io", "", simulation.clock.now)
    table.many(kind, simulation.objects(kind), {})
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]
