from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from greenroom.cli.main import greenroom
from tests.foundation.health.objects import crashing, deployment, metadata, pod


def run(*arguments: str, piped: Any = None) -> Result:
    given = None if piped is None else json.dumps(piped)
    return CliRunner().invoke(greenroom, ["health", "explain", *arguments], input=given)


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def rolled_out_and_crashing() -> list[dict[str, Any]]:
    """A Deployment whose rollout has finished, with pods that crash now."""
    parent = {"apiVersion": "apps/v1", **deployment(replicas=1)}
    between = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": metadata("order-api-1", parent),
        "spec": {"replicas": 1},
    }
    return [parent, between, {"apiVersion": "v1", **crashing("order-api-1-x", between)}]


def test_each_object_is_one_line_of_json_in_its_order(tmp_path: Path) -> None:
    file = tmp_path / "objects.json"
    file.write_text(json.dumps([{"apiVersion": "v1", **pod()}, {"apiVersion": "apps/v1", **deployment()}]))
    found = lines(run(str(file), "--output", "json"))
    assert [list(each)[:4] for each in found] == [["kind", "name", "status", "message"]] * 2
    assert [(each["kind"], each["status"]) for each in found] == [("Pod", "Healthy"), ("Deployment", "Healthy")]


def test_pods_count_against_the_deployment_that_they_came_with() -> None:
    found = lines(run("-", "--output", "json", piped=rolled_out_and_crashing()))
    assert (found[0]["kind"], found[0]["status"]) == ("Deployment", "Degraded")
    assert found[0]["message"] == "1 of 1 pods crashes: exit 1"


def test_people_see_the_worst_first_and_a_sum() -> None:
    result = run("-", piped=[{"apiVersion": "v1", **pod()}, {"apiVersion": "v1", **crashing("broken")}])
    assert result.stdout.splitlines()[0].startswith("Pod  shop/broken")
    assert "2 objects: 1 Healthy, 1 Degraded" in result.stdout


def test_a_verdict_that_is_not_wanted_fails_the_command() -> None:
    assert run("-", "--fail-on", "degraded", piped=crashing()).exit_code == 1
    assert run("-", "--fail-on", "degraded", piped=pod()).exit_code == 0


def test_every_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "wrong.yaml").write_text("a: [")
    result = run(str(tmp_path), str(tmp_path / "absent.yaml"))
    assert result.exit_code != 0
    said = str(result.exception)
    assert "wrong.yaml" in said
    assert "absent.yaml" in said


def test_a_teams_rules_are_heard(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "project: Ours\nrules:\n- {group: example.com, kinds: [Widget], otherwise: {status: Degraded, message: ours}}\n"
    )
    widget = {"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "a"}}
    (found,) = lines(run("-", "--output", "json", "--rules", str(tmp_path), piped=widget))
    assert (found["status"], found["message"]) == ("Degraded", "ours")
