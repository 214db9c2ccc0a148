"""Custom kinds are held against their definitions as a real server does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from greenroom.local.cluster.errors import StatusError
from greenroom.local.cluster.objects import Manifest
from greenroom.local.cluster.operations import WriteOptions
from greenroom.local.cluster.resources import CERTIFICATES, EXTERNAL_SECRETS, RESOURCES, ROUTES, resource
from tests.greenroom.cluster.http_client import Api
from tests.greenroom.cluster.manifests import certificate, external_secret, prometheus_rule, route
from tests.greenroom.cluster.simulation import NAMESPACE, Simulation

APPLY = "application/apply-patch+yaml"
_PATH = "/apis/cert-manager.io/v1/namespaces/{}/certificates"


def _refusal(simulation: Simulation, kind: Any, manifest: Manifest) -> StatusError:
    with pytest.raises(StatusError) as caught:
        simulation.create(kind, manifest)
    return caught.value


def test_every_cause_of_a_wrong_object(simulation: Simulation) -> None:
    """422 with what is missing, of another type or not allowed, in the server's words."""
    spec = {"dnsNames": "a.example", "isCA": "yes", "privateKey": {"algorithm": "DSA"}}
    manifest = {**certificate(), "spec": spec}
    refused = _refusal(simulation, CERTIFICATES, manifest)
    assert refused.code == 422
    assert [(each["field"], each["message"]) for each in refused.body()["details"]["causes"]] == [
        ("spec.secretName", "Required value"),
        ("spec.issuerRef", "Required value"),
        ("spec.dnsNames", 'Invalid value: "string": spec.dnsNames in body must be of type array: "string"'),
        ("spec.isCA", 'Invalid value: "string": spec.isCA in body must be of type boolean: "string"'),
        (
            "spec.privateKey.algorithm",
            'Unsupported value: "DSA": supported values: "RSA", "ECDSA", "Ed25519"',
        ),
    ]


@pytest.mark.parametrize(
    ("kind", "manifest", "message"),
    [
        (ROUTES, route(rules=[{"backendRefs": [{"name": "order-api"}]}]), "Must have port for Service reference"),
        (ROUTES, route(rules=[{"matches": [{"path": {"value": "orders"}}]}]), "value must be an absolute path"),
        (CERTIFICATES, certificate(dnsNames=[]), "at least one of commonName"),
        (ROUTES, {**route(), "spec": None}, "spec: Required value"),
    ],
)
def test_rules_beyond_types(simulation: Simulation, kind: Any, manifest: Manifest, message: str) -> None:
    """Those of the definitions that people run into."""
    assert message in _refusal(simulation, kind, manifest).message


def test_what_a_definition_does_not_name_is_dropped(simulation: Simulation) -> None:
    """At every depth, as it would be in earnest; the rest stays."""
    manifest = external_secret(extra={"a": 1})
    manifest["spec"]["data"][0]["remoteRef"]["extra"] = "x"
    stored = simulation.create(EXTERNAL_SECRETS, {**manifest, "extra": True})
    assert "extra" not in json.dumps(stored["spec"])
    assert "extra" not in stored
    assert stored["spec"]["data"][0]["remoteRef"]["property"] == "DATABASE_URL"


def test_defaults_of_the_definitions_are_filled_in(simulation: Simulation) -> None:
    """So that a plan sees what a real server would show."""
    stored = simulation.create(ROUTES, route())["spec"]
    assert stored["parentRefs"][0] == {
        "group": "gateway.networking.k8s.io",
        "kind": "Gateway",
        "name": "internal",
        "namespace": "gateways",
    }
    assert stored["rules"][0] == {
        "backendRefs": [{"group": "", "kind": "Service", "name": "order-api", "port": 80, "weight": 1}],
        "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
    }
    secret = simulation.create(EXTERNAL_SECRETS, external_secret())["spec"]
    assert secret["target"] == {"creationPolicy": "Owner", "deletionPolicy": "Retain"}
    assert secret["data"][0]["remoteRef"]["conversionStrategy"] == "Default"


def test_applying_the_same_again_changes_nothing(simulation: Simulation) -> None:
    """Although the server filled in defaults inside of lists that are one value."""
    options = WriteOptions(manager="greenroom")

    def apply() -> Manifest:
        return simulation.cluster.operations.apply(ROUTES, route(), options, "order-api", NAMESPACE)[0]

    first = apply()
    simulation.clock.advance(5)
    stored = simulation.get(ROUTES, "order-api")
    assert apply() == stored
    assert stored["metadata"]["generation"] == first["metadata"]["generation"] == 1


def test_rules_are_one_value_and_groups_are_told_apart_by_name(simulation: Simulation) -> None:
    """Two managers share a PrometheusRule, each with a group of its own; of a route's rules the last one stands."""
    operations = simulation.cluster.operations
    kind = resource("prometheusrules.monitoring.coreos.com")
    other = prometheus_rule("Other")
    other["spec"]["groups"][0]["name"] = "other"
    operations.apply(kind, prometheus_rule(), WriteOptions(manager="one"), "order-api", NAMESPACE)
    applied, _ = operations.apply(kind, other, WriteOptions(manager="two"), "order-api", NAMESPACE)
    assert [each["name"] for each in applied["spec"]["groups"]] == ["order-api", "other"]
    operations.apply(ROUTES, route(), WriteOptions(manager="one"), "order-api", NAMESPACE)
    shorter = route(rules=[{"backendRefs": [{"name": "other", "port": 80}]}])
    forced = WriteOptions(manager="two", force=True)
    applied, _ = operations.apply(ROUTES, shorter, forced, "order-api", NAMESPACE)
    assert [each["backendRefs"][0]["name"] for each in applied["spec"]["rules"]] == ["other"]


def test_unknown_fields_are_refused_warned_of_or_ignored_as_the_client_asks(api: Api, namespace: str) -> None:
    """Strictly, which kubectl is; with a warning by default."""
    path = _PATH.format(namespace)
    wrong = certificate(secretNam="x")
    strict = api.post(f"{path}?fieldValidation=Strict", wrong)
    assert strict.status_code == 400
    assert strict.json()["message"].endswith('strict decoding error: unknown field "spec.secretNam"')
    warned = api.post(path, wrong)
    assert warned.headers["Warning"] == '299 - "unknown field \\"spec.secretNam\\""'
    merged = api.patch(f"{path}/order-api?fieldValidation=Ignore", {"spec": {"other": 1}})
    assert (merged.status_code, "Warning" in merged.headers) == (200, False)
    assert "other" not in merged.json()["spec"]


def test_an_apply_with_unknown_fields_fails_however_it_is_asked(api: Api, namespace: str) -> None:
    """As a real server's does, which answers it as a fault of its own."""
    path = _PATH.format(namespace) + "/order-api?fieldManager=greenroom&fieldValidation=Ignore"
    answer = api.patch(path, certificate(secretNam="x"), APPLY)
    assert answer.status_code == 500
    assert answer.json()["message"] == (
        f"failed to create typed patch object ({namespace}/order-api; cert-manager.io/v1, Kind=Certificate): "
        ".spec.secretNam: field not declared in schema"
    )


def test_a_strategic_merge_patch_is_not_for_custom_kinds(api: Api, namespace: str) -> None:
    """415, naming those that are."""
    api.post(_PATH.format(namespace), certificate())
    path = _PATH.format(namespace) + "/order-api"
    answer = api.patch(path, {"spec": {}}, "application/strategic-merge-patch+json")
    assert answer.status_code == 415
    assert "application/merge-patch+json" in answer.json()["message"]


def test_every_custom_kind_is_found_and_shown(api: Api) -> None:
    """In discovery, in OpenAPI, and as an empty table with the columns of its definition."""
    for kind in (each for each in RESOURCES if each.custom):
        listed = api.get(f"/apis/{kind.api_version}").json()["resources"]
        assert kind.plural in {each["name"] for each in listed}
        assert f"/{kind.plural}/" in json.dumps(api.get(f"/openapi/v3/apis/{kind.api_version}").json()["paths"])
        table = api.get(
            f"/apis/{kind.api_version}/{kind.plural}",
            headers={"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io"},
        ).json()
        assert table["columnDefinitions"][0]["name"] == "Name"


def test_a_status_is_written_through_its_subresource_only(api: Api, namespace: str) -> None:
    """And counts no generation; the spec does."""
    path = f"/apis/monitoring.coreos.com/v1/namespaces/{namespace}/prometheusrules"
    created = api.post(path, {**prometheus_rule(), "status": {"bindings": ["x"]}}).json()
    assert created["status"] == {}
    changed = api.patch(f"{path}/order-api/status", {"status": {"bindings": []}}).json()
    assert (changed["status"], changed["metadata"]["generation"]) == ({"bindings": []}, 1)
    assert api.patch(f"{path}/order-api", {"spec": {"groups": []}}).json()["metadata"]["generation"] == 2
