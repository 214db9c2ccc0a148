"""What independent judges say about the templates: cfn-lint and checkov."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cfnlint.api import ManualArgs, lint
from hypothesis import HealthCheck, given, settings

from foundation.service import find_release, releases
from scaffolder_actions.infrastructure.template import stack_template
from tests.judges import checkov
from tests.scaffolder_actions.infrastructure.documents import document, documents, everything, template, workload

# Checks of checkov that are not followed, and why. Whoever wants one of them patches it in.
LEFT_OPEN = {
    "CKV_AWS_18": "Access logs of buckets cost a bucket more each; CloudTrail's data events are the platform's.",
    "CKV_AWS_27": "Queues are encrypted with a key of SQS itself, which the check does not know.",
    "CKV_AWS_118": "CloudWatch has an instance's metrics and Performance Insights its queries; nobody logs on to its OS.",
    "CKV_AWS_149": "Tokens are encrypted with the account's key of Secrets Manager; one key each costs more than the cache.",
}
# Outside of production one zone is what an environment is worth.
ONE_ZONE = {"CKV_AWS_157": "A release of the platform decides which environments have several zones."}


def findings(stack: Any) -> list[str]:
    """Errors and warnings of cfn-lint in the region of the default settings."""
    found = lint(json.dumps(stack), config=ManualArgs(regions=["eu-west-1"]))
    return [f"{each.rule.id} {'/'.join(map(str, each.path or []))}: {each.message}" for each in found]


def test_the_judge_sees_errors_and_warnings() -> None:
    """A judge that is silent about everything would prove nothing."""
    stack = template(document(dependencies=everything()))
    stack["Resources"]["Database"]["Properties"]["EngineVersion"] = "17.99"
    stack["Parameters"]["Unused"] = {"Type": "String"}
    del stack["Resources"]["Cache"]["Properties"]["ReplicationGroupDescription"]
    assert {each.split()[0] for each in findings(stack)} >= {"E3691", "W2001", "E3003"}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(given=documents())
def test_cfn_lint_has_nothing_to_say(given: dict[str, Any]) -> None:
    """About any document, in any of its environments."""
    for environment in given["spec"]["environments"]:
        stack = stack_template(workload(given, environment))
        assert stack is None or findings(stack) == []


@pytest.mark.parametrize("name", list(releases()))
def test_each_version_and_size_of_a_release_is_real(name: str) -> None:
    """Every version that has not ended, and every size, is one that AWS sells in the region."""
    release = find_release(name)
    given = []
    for kind, engine in release.engines.items():
        alive = [version for version, each in engine.versions.items() if each.ends >= release.date]
        sizes = list(engine.sizes)
        pairs = [(version, sizes[0]) for version in alive] + [(engine.default, size) for size in sizes]
        given += [
            {"type": kind, "name": f"n{number}", "version": version, "size": size}
            for number, (version, size) in enumerate(pairs)
        ]
    assert findings(template(document(platform=name, dependencies=given))) == []


def test_checkov_finds_what_was_decided_and_nothing_else() -> None:
    """In every environment and for every shape; what is left open is left open for a reason, and really open."""
    shapes = [
        *(document(dependencies=[each]) for each in everything()),
        document(dependencies=everything(), exposure={"visibility": "public"}),
        document(exposure={"visibility": "public"}),
    ]
    found = {
        environment: {
            each.split()[0]
            for each in checkov(
                "cloudformation",
                {f"{number}.json": json.dumps(template(shape, environment)) for number, shape in enumerate(shapes)},
            )
        }
        for environment in ("staging", "production")
    }
    assert found == {"staging": {*LEFT_OPEN, *ONE_ZONE}, "production": set(LEFT_OPEN)}
