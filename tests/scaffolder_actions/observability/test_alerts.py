"""Every alert fires when it should and says what it should, and is silent otherwise, by Prometheus' own judgement."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from foundation.jsontypes import JsonObject
from foundation.service import Service
from scaffolder_actions.workload.identity import Workload, workload_of
from scaffolder_actions.workload.observability import alerts_of, observability_objects
from scaffolder_actions.workload.observability.rules import prometheus_rule
from tests.judges import crd_errors
from tests.judges.documents import document_of, service_of, services
from tests.scaffolder_actions.observability.cases import CASES, Case, Series
from tests.scaffolder_actions.observability.promtool import check_rules, needs_promtool, test_rules, written
from tests.scaffolder_actions.observability.workloads import JOB, PLATFORM, SUBJECTS, WEB, workload

RUNBOOK = "http://localhost:3000/docs/default/component/order-api/runbook"
# What an alert's words are made from beside its own group.
_BESIDE = {"objectives": "budgets"}
OWNER = {"team": "commerce", "service": "order-api", "environment": "production", "namespace": "commerce"}


def groups(of: Workload) -> list[Any]:
    """The groups of the workload's rules."""
    rule: Any = prometheus_rule(of)
    return list(rule["spec"]["groups"])


def alert_rules(of: Workload) -> list[dict[str, Any]]:
    """The rules of its alerts."""
    return [rule for group in groups(of) for rule in group["rules"] if "alert" in rule]


def _fires(case: Case) -> dict[str, Any]:
    alert = {
        "exp_labels": {**OWNER, "severity": case.severity, **case.labels},
        "exp_annotations": {
            "summary": case.summary,
            "description": case.description,
            "runbook_url": f"{RUNBOOK}#{case.alert.lower()}",
            "dashboard_url": "https://grafana.example.com/d/order-api-production",
        },
    }
    return _test(f"{case.alert} fires", case, case.fires, [alert])


def _test(name: str, case: Case, series: Series, expected: list[Any]) -> dict[str, Any]:
    return {
        "name": name,
        "interval": "1m",
        "input_series": [{"series": key, "values": values} for key, values in series.items()],
        "alert_rule_test": [{"eval_time": f"{case.minutes}m", "alertname": case.alert, "exp_alerts": expected}],
    }


@needs_promtool
def test_a_platform_without_grafana_links_no_dashboard() -> None:
    """A link that leads nowhere helps nobody at night."""
    bare = dataclasses.replace(PLATFORM, dashboard_url="", logs_url="")
    here = workload_of(service_of(document_of()), "production", "1.0", bare)
    text = json.dumps(observability_objects(here))
    assert "dashboard_url" not in text
    assert '"Logs"' not in text


def test_each_alert_fires_with_its_words_and_is_silent_near_by(tmp_path: Path) -> None:
    """Labels and sentences, word for word as people get them; and the cases beside each that must not wake anybody."""
    files = []
    for subject, group in ((name, group) for name, each in SUBJECTS.items() for group in alerts_of(each)):
        names = {alert.name for alert in alerts_of(SUBJECTS[subject])[group]}
        cases = [each for each in CASES if each.subject == subject and each.alert in names]
        silent = [
            _test(f"{each.alert} is silent: {about}", each, series, [])
            for each in cases
            for about, series in each.holds.items()
        ]
        # With the rules of its group alone: evaluating all of them would take ten times as long and add nothing.
        chosen = [
            each for each in groups(SUBJECTS[subject]) if each["name"].endswith((f".{group}", f".{_BESIDE.get(group)}"))
        ]
        rules = written(chosen, tmp_path, f"{subject}-{group}")
        tests = [*map(_fires, cases), *silent]
        files.append({"rule_files": [str(rules)], "evaluation_interval": "1m", "tests": tests})
    test_rules([each for each in files if each["tests"]], tmp_path)


def test_no_alert_is_without_its_cases() -> None:
    """Each has one in which it fires and one in which it does not."""
    known = {alert.name for subject in SUBJECTS.values() for each in alerts_of(subject).values() for alert in each}
    assert known == {case.alert for case in CASES}
    assert known == {case.alert for case in CASES if case.holds}


@needs_promtool
@pytest.mark.parametrize("subject", SUBJECTS)
def test_prometheus_takes_the_rules(subject: str, tmp_path: Path) -> None:
    """Expressions, templates and names, without a finding of its lint."""
    check_rules(groups(SUBJECTS[subject]), tmp_path)


@settings(max_examples=40, deadline=None)
@given(service=services())
def test_any_document_becomes_rules_that_the_operator_takes(service: Service) -> None:
    """By the definition of its kind; every alert carries all that one must carry, for whatever document."""
    for environment in service.environments:
        here = workload_of(service, environment, "1.4.2", PLATFORM)
        assert crd_errors(dict(prometheus_rule(here))) == []
        for rule in alert_rules(here):
            assert set(rule["labels"]) == {"severity", *OWNER}
            assert rule["labels"]["severity"] in {"page", "ticket"}
            assert all(rule["annotations"][each] for each in ("summary", "description", "runbook_url", "dashboard_url"))


@needs_promtool
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(service=services())
def test_any_document_becomes_rules_that_prometheus_takes(service: Service, tmp_path: Path) -> None:
    """Whatever its name, its paths and its addresses are."""
    found: list[JsonObject] = [
        {**group, "name": f"{environment} {group['name']}"}
        for environment in service.environments
        for group in groups(workload_of(service, environment, "1.4.2", PLATFORM))
    ]
    check_rules(found, tmp_path)


def test_only_production_pages() -> None:
    """What wakes somebody there is a ticket elsewhere, and is there all the same."""
    production, staging = alert_rules(workload(WEB)), alert_rules(workload(WEB, "staging"))
    assert [each["alert"] for each in production if each["alert"] != "CacheReplicaLags"] == [
        each["alert"] for each in staging
    ]
    assert "page" in {each["labels"]["severity"] for each in production}
    assert {each["labels"]["severity"] for each in staging} == {"ticket"}


def test_what_a_service_does_not_have_is_not_watched() -> None:
    """No certificate without exposure, no objective without metrics, nothing of AWS without dependencies."""
    bare = workload({"observability": {"metrics": False}, "exposure": {"visibility": "none"}})
    assert set(alerts_of(bare)) == {"pods", "saturation"}
    assert set(alerts_of(workload(JOB))) == {"job"}
    worker = alerts_of(workload({"type": "worker", "deployment": {"replicas": {"min": 1, "max": 1}}}))
    assert [each.name for each in worker["pods"]][-1] == "PodOutOfMemory"
    assert [each.name for each in worker["saturation"]] == ["ProcessorsFull", "MemoryNearLimit"]


def test_a_runbook_elsewhere_is_linked_as_it_stands() -> None:
    """An address is the team's own; of a page in the repository the alert's own heading is linked."""
    elsewhere = alert_rules(workload({"runbook": "https://wiki.example.com/{{orders}}"}))
    assert {each["annotations"]["runbook_url"] for each in elsewhere} == {
        'https://wiki.example.com/{{ "{{" }}orders}}',
    }
    here = alert_rules(workload({"runbook": "docs/runbook.md"}))
    assert here[0]["annotations"]["runbook_url"] == f"{RUNBOOK}#{here[0]['alert'].lower()}"


def test_connections_are_counted_against_what_the_smallest_database_takes() -> None:
    """RDS' formula by the memory of the class; a class that nobody knows has no such alert."""
    from scaffolder_actions.workload.observability.alerts.databases import most_connections

    known = {"db.t4g.small": 225, "db.m7g.large": 901, "db.m7g.4xlarge": 5000, "db.r6g.large": 1802}
    assert {each: most_connections(each) for each in known} == known
    assert most_connections("db.z9.large") is None
    assert most_connections("db.m7g.metal") is None
