"""A small change of a document is a small change of what stands in the repository."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import HealthCheck, assume, given, settings

from scaffolder_actions.workload.scaling import is_scaled
from tests.judges.documents import Data, document_of, service_documents, service_of
from tests.scaffolder_actions.workload.compiled import files_of

# Other rooms' files, whose own tests say what changes them.
ELSEWHERE = {"prometheusrule.yaml", "configmap-dashboard.yaml", "servicemonitor.yaml", "podmonitor.yaml"}
BASE: Data = {"deployment": {"replicas": {"min": 2, "max": 10}}}


def changed(before: Data, after: Data, versions: tuple[str, str] = ("1.4.2", "1.4.2")) -> set[str]:
    """The paths of files that are there only once, or with another text."""
    first, second = (
        files_of(service_of(each), version) for each, version in zip((before, after), versions, strict=True)
    )
    return {path for path in first.keys() | second.keys() if first.get(path) != second.get(path)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(document=service_documents())
def test_another_maximum_changes_the_autoscaler_and_nothing_else(document: Data) -> None:
    """Scaling is one number in one object, in whatever else the service has."""
    service = service_of(document)
    assume(service.type != "job" and is_scaled(service))
    replicas = service.deployment.replicas
    more = {"min": replicas.min, "max": replicas.max + 1 if replicas.max < 1000 else replicas.max - 1}
    assume(more["max"] > more["min"])
    deployment = {**document["spec"].get("deployment", {}), "replicas": more}
    after = {**document, "spec": {**document["spec"], "deployment": deployment}}
    scaled = {
        f"deploy/{each}/kubernetes/horizontalpodautoscaler.yaml"
        for each in service.environments
        # What an environment says itself is not changed by what is said for all.
        if "replicas" not in document["spec"].get("overrides", {}).get(each, {}).get("deployment", {})
    }
    assert changed(document, after) == scaled


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=service_documents())
def test_another_version_changes_the_kustomization_and_nothing_else(document: Data) -> None:
    """That is the line which promotion changes; an image with a tag of its own has no version to follow."""
    image = document["spec"].get("image", "")
    pinned = "@" in image or ":" in image.rpartition("/")[2]
    here = () if pinned else service_of(document).environments
    found = changed(document, document, ("1.4.2", "1.4.3"))
    assert found == {f"deploy/{each}/kubernetes/kustomization.yaml" for each in here}


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ({"deployment": {"replicas": {"min": 3, "max": 10}}}, {"horizontalpodautoscaler"}),
        (
            {"deployment": {"replicas": {"min": 2, "max": 2}}},
            {"deployment", "horizontalpodautoscaler", "kustomization"},
        ),
        ({"deployment": {**BASE["deployment"], "strategy": "recreate"}}, {"deployment"}),
        ({"resources": {"cpu": "large"}}, {"deployment"}),
        ({"resources": {"memory": "large"}}, {"deployment"}),
        ({"command": ["serve"], "args": ["--quietly"]}, {"deployment"}),
        ({"env": {"PAGE_SIZE": "50"}}, {"deployment"}),
        ({"probes": {"path": "/ready"}}, {"deployment"}),
        ({"port": 9000}, {"deployment", "networkpolicy"}),
        ({"ports": [{"name": "grpc", "port": 9090}]}, {"deployment", "networkpolicy", "service"}),
        ({"secrets": ["STRIPE_API_KEY"]}, {"deployment", "externalsecret", "kustomization"}),
        ({"dependencies": [{"type": "service", "name": "stock"}]}, {"deployment", "networkpolicy"}),
        (
            {"dependencies": [{"type": "redis"}]},
            {"deployment", "externalsecret", "kustomization", "networkpolicy"},
        ),
        ({"exposure": {"path": "/orders"}}, {"httproute"}),
        ({"exposure": {"host": "orders.example.com"}}, {"certificate", "httproute", "listenerset"}),
        (
            {"exposure": {"visibility": "none"}},
            {"certificate", "httproute", "kustomization", "listenerset", "networkpolicy"},
        ),
        ({"observability": {"tracing": False}}, {"deployment", "networkpolicy"}),
        ({"lifecycle": "deprecated"}, set()),
        ({"links": [{"title": "Wiki", "url": "https://wiki.example.com"}]}, set()),
    ],
)
def test_one_field_changes_the_objects_that_say_it(edit: Data, expected: set[str]) -> None:
    """In each environment alike, and what becomes superfluous goes."""
    found = {
        (path.parts[1], path.stem)
        for path in map(PurePosixPath, changed(document_of(**BASE), document_of(**{**BASE, **edit})))
        if path.match("deploy/*/kubernetes/*.yaml") and path.name not in ELSEWHERE
    }
    assert found == {(environment, each) for environment in ("staging", "production") for each in expected}


def test_an_override_stays_in_its_environment() -> None:
    """Staging is not touched by what production has more of."""
    after = document_of(**BASE, overrides={"production": {"resources": {"memory": "large"}}})
    assert changed(document_of(**BASE), after) == {"deploy/production/kubernetes/deployment.yaml"}


def test_labels_of_the_team_restart_nothing() -> None:
    """They stand on every object and on no pod."""
    before = document_of(**BASE)
    after = {**before, "metadata": {**before["metadata"], "labels": {"tier": "silver"}}}
    first, second = (
        files_of(service_of(each))["deploy/staging/kubernetes/deployment.yaml"] for each in (before, after)
    )
    assert first.partition("  template:")[2] == second.partition("  template:")[2]
    assert first != second
