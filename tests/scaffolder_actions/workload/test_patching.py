"""The way out: a team's own changes to what is generated."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest

from foundation.service import Service, ServiceDocumentError, load_service
from foundation.settings import PlatformSettings
from scaffolder_actions.workload import check_service, compile_environment

PLATFORM = PlatformSettings()
MERGE = {"spec": {"template": {"spec": {"priorityClassName": "high", "enableServiceLinks": None}}}}


def patched(*patches: dict[str, Any], **spec: Any) -> Service:
    document = {
        "apiVersion": "platform.company.com/v1",
        "kind": "Service",
        "metadata": {"name": "order-api", "team": "commerce"},
        "spec": {"dependencies": [{"type": "postgresql"}], **spec, "patches": list(patches)},
    }
    return load_service(json.dumps(document, indent=2), "service.yaml", PLATFORM)


def made(service: Service, kind: str, environment: str = "staging") -> dict[str, Any]:
    objects = compile_environment(service, environment, "1.0", PLATFORM).objects
    return cast("dict[str, Any]", next(each for each in objects if each["kind"] == kind))


def problems_of(service: Service) -> list[str]:
    with pytest.raises(ServiceDocumentError) as caught:
        check_service(service, PLATFORM)
    return [str(each) for each in caught.value.problems]


def test_a_merge_adds_replaces_and_takes_away() -> None:
    """RFC 7386: mappings are merged, null takes a field away, the rest stays."""
    before = made(patched(), "Deployment")["spec"]["template"]["spec"]
    after = made(patched({"target": {"kind": "Deployment"}, "merge": MERGE}), "Deployment")["spec"]["template"]["spec"]
    assert after == {
        **{key: value for key, value in before.items() if key != "enableServiceLinks"},
        "priorityClassName": "high",
    }


def test_operations_reach_into_lists() -> None:
    """RFC 6902, for what a merge can only replace as a whole."""
    add = {"op": "add", "path": "/spec/template/spec/containers/0/args", "value": ["--verbose"]}
    deployment = made(patched({"target": {"kind": "Deployment"}, "operations": [add]}), "Deployment")
    assert deployment["spec"]["template"]["spec"]["containers"][0]["args"] == ["--verbose"]


def test_resources_of_the_stack_are_patched_by_their_type() -> None:
    """The same way out for AWS."""
    merge = {"Properties": {"PreferredMaintenanceWindow": "sun:02:00-sun:03:00"}}
    service = patched({"target": {"kind": "AWS::RDS::DBInstance"}, "merge": merge})
    stack = cast("Any", compile_environment(service, "staging", "1.0", PLATFORM).stack)
    [database] = [each for each in stack["Resources"].values() if each["Type"] == "AWS::RDS::DBInstance"]
    assert database["Properties"]["PreferredMaintenanceWindow"] == "sun:02:00-sun:03:00"
    assert database["Properties"]["StorageEncrypted"] is True


def test_a_patch_may_be_for_one_environment() -> None:
    """And is no miss elsewhere."""
    service = patched({"target": {"kind": "Deployment"}, "merge": MERGE, "environments": ["production"]})
    check_service(service, PLATFORM)
    assert "priorityClassName" not in made(service, "Deployment")["spec"]["template"]["spec"]
    assert "priorityClassName" in made(service, "Deployment", "production")["spec"]["template"]["spec"]


def test_a_patch_that_hits_somewhere_is_no_miss() -> None:
    """An object may be there in one environment alone."""
    single = {"staging": {"deployment": {"replicas": {"min": 1, "max": 1}}}}
    scaler = {"target": {"kind": "HorizontalPodAutoscaler"}, "merge": {"spec": {"minReplicas": 3}}}
    check_service(patched(scaler, overrides=single), PLATFORM)


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        (
            {"target": {"kind": "Deploymnet"}, "merge": MERGE},
            'the patch hits nothing: no Deploymnet is generated. Did you mean "Deployment"?',
        ),
        (
            {"target": {"kind": "Deployment", "name": "other"}, "merge": MERGE},
            "the patch hits nothing: no Deployment other is generated. Choose one of order-api.",
        ),
        (
            {"target": {"kind": "AWS::S3::Bucket"}, "merge": MERGE},
            "the patch hits nothing: no AWS::S3::Bucket is generated.",
        ),
        (
            {"target": {"kind": "Deployment"}, "merge": {"metadata": {"name": "another"}}},
            "the patch would make another object of Deployment order-api.",
        ),
        (
            {"target": {"kind": "AWS::RDS::DBInstance"}, "merge": {"Type": "AWS::RDS::DBCluster"}},
            "the patch would make another object of AWS::RDS::DBInstance Database.",
        ),
        (
            {"target": {"kind": "Deployment"}, "operations": [{"op": "remove", "path": "/spec/nowhere"}]},
            "the patch does not fit Deployment order-api:",
        ),
        (
            {"target": {"kind": "Deployment"}, "operations": [{"op": "test", "path": "/kind", "value": "Pod"}]},
            "the patch does not fit Deployment order-api:",
        ),
        (
            {"target": {"kind": "Deployment"}, "operations": [{"op": "add", "path": "/spec/selector/x/y", "value": 1}]},
            "the patch does not fit Deployment order-api:",
        ),
    ],
)
def test_a_patch_that_does_nothing_or_does_not_fit_is_an_error_at_its_line(
    patch: dict[str, Any], expected: str
) -> None:
    """Silence would be a promise that is not kept."""
    found = problems_of(patched(patch))
    with pytest.raises(ServiceDocumentError):
        compile_environment(patched(patch), "staging", "1.0", PLATFORM)
    assert len(found) == 1
    assert expected in found[0]
    assert found[0].startswith("service.yaml:")
    assert int(found[0].split(":")[1]) > 10
