"""The dashboard: by Grafana's own types, the same bytes each time, every query one that Prometheus takes."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard
from hypothesis import given, settings
from jsonschema import Draft7Validator

from foundation.service import Service, dashboard_uid
from scaffolder_actions.workload.identity import Workload, workload_of
from scaffolder_actions.workload.observability.dashboard import dashboard_object
from tests.judges.documents import services
from tests.scaffolder_actions.observability.promtool import check_rules, needs_promtool
from tests.scaffolder_actions.observability.workloads import JOB, PLATFORM, SUBJECTS, WEB, workload

SCHEMA = Path(__file__).parent / "data" / "grafana-dashboard.schema.json"
# What the SDK's models have no place for; the schema knows it.
BEYOND_THE_SDK = "titleFormat"


def text_of(of: Workload) -> str:
    """The dashboard as it stands in the ConfigMap."""
    found: Any = dashboard_object(of)
    (text,) = found["data"].values()
    return str(text)


def dashboard_of(of: Workload) -> dict[str, Any]:
    """The dashboard as Grafana reads it."""
    found: dict[str, Any] = json.loads(text_of(of))
    return found


def schema_errors(dashboard: dict[str, Any]) -> list[str]:
    """What does not fit the types that Grafana publishes, see `data/grafana-dashboard.ts`."""
    return [f"{each.json_path}: {each.message}" for each in _validator().iter_errors(dashboard)]


@cache
def _validator() -> Draft7Validator:
    return Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def expressions(dashboard: dict[str, Any]) -> Iterator[str]:
    """Every query, with Grafana's variables filled in."""
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ())]
    for each in (*queries, *(annotation["expr"] for annotation in dashboard["annotations"]["list"])):
        yield each.replace("$__rate_interval", "5m")


def panels(of: Workload) -> dict[str, list[str]]:
    """Titles of panels by their row."""
    found: dict[str, list[str]] = {}
    for each in dashboard_of(of)["panels"]:
        if each["type"] == "row":
            found[each["title"]] = []
        else:
            found[list(found)[-1]].append(each["title"])
    return found


@settings(max_examples=40, deadline=None)
@given(service=services())
def test_any_document_becomes_a_dashboard_that_grafana_takes(service: Service) -> None:
    """Its own types, the SDK's round trip, one place for each panel, a known uid, and far below a ConfigMap's MiB."""
    register_default_plugins()
    for environment in service.environments:
        here = workload_of(service, environment, "1.4.2", PLATFORM)
        dashboard = dashboard_of(here)
        assert schema_errors(dashboard) == []
        assert dashboard["uid"] == dashboard_uid(service.name, environment)
        assert here.link(PLATFORM.dashboard_url).endswith(f"/d/{dashboard['uid']}")
        assert "<<" not in text_of(here)
        assert text_of(here) == text_of(here)
        assert len(text_of(here)) < 200_000
        _assert_reads_back(dashboard)
        _assert_laid_out(dashboard["panels"])


def _assert_reads_back(dashboard: dict[str, Any]) -> None:
    """The SDK reads every field of what it wrote."""
    known = copy.deepcopy(dashboard)
    for each in known["annotations"]["list"]:
        del each[BEYOND_THE_SDK]
    again = json.loads(json.dumps(Dashboard.from_json(copy.deepcopy(known)), cls=JSONEncoder))
    assert again == known


def _assert_laid_out(found: list[dict[str, Any]]) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in found:
        place = panel["gridPos"]
        here = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert max(x for x, _ in here) < 24
        assert not here & taken
        taken |= here
    assert [panel["id"] for panel in found] == list(range(1, len(found) + 1))


@needs_promtool
def test_every_query_is_one_that_prometheus_takes(tmp_path: Path) -> None:
    """Of each panel and of each annotation."""
    rules: list[Any] = [
        {"record": f"subject:{name}:query{index}", "expr": expression}
        for name, subject in SUBJECTS.items()
        for index, expression in enumerate(expressions(dashboard_of(subject)))
    ]
    check_rules([{"name": "queries", "rules": rules}], tmp_path)


def test_it_shows_the_golden_signals_and_what_the_service_has() -> None:
    """A row for each thing that it has, the objectives first."""
    assert panels(SUBJECTS["web"]) == {
        "Objectives": [
            "Availability budget left",
            "Availability burn rate",
            "Latency budget left",
            "Latency burn rate",
        ],
        "Requests": ["Traffic", "Errors", "Latency", "Saturation"],
        "Pods": ["Pods", "Restarts", "Processors", "Memory"],
        "Database": ["Processors", "Connections", "Free storage", "Disk latency"],
        "Cache": ["Memory", "Processor", "Hits", "Evictions", "Replica lag"],
        "Queue": ["Oldest message", "Waiting", "Throughput", "Given up"],
    }
    assert panels(workload(JOB)) == {"Runs": ["Last success", "Duration"]}
    assert panels(workload({"type": "worker"})) == {"Pods": ["Pods", "Restarts", "Processors", "Memory"]}


def test_versions_and_alerts_are_marked_on_every_graph() -> None:
    """What came when is the first question; a job has no roll-outs."""
    marks = [each["name"] for each in dashboard_of(SUBJECTS["web"])["annotations"]["list"]]
    assert marks == ["Alerts", "Versions"]
    assert [each["name"] for each in dashboard_of(SUBJECTS["job"])["annotations"]["list"]] == ["Alerts"]


def test_people_choose_the_data_source_and_nothing_else() -> None:
    """Every panel follows the choice; service and environment are what the dashboard is of."""
    dashboard = dashboard_of(SUBJECTS["web"])
    assert [each["name"] for each in dashboard["templating"]["list"]] == ["datasource"]
    sources = [each["datasource"]["uid"] for each in dashboard["panels"] if each["type"] != "row"]
    assert set(sources) == {"${datasource}"}
    assert all('"production"' in each for each in expressions(dashboard) if "tag_environment" in each)


def test_it_links_what_one_looks_for_beside_figures() -> None:
    """Logs, the runbook, and the team's own pages, whatever stands in their titles."""
    own = {"title": 'Funnel "<<name>>"', "url": "https://grafana.example.com/d/funnel?a=1&b=2"}
    links = dashboard_of(workload({**WEB, "dashboards": [own], "runbook": "https://wiki.example.com/r"}))["links"]
    assert [(each["title"], each["url"]) for each in links] == [
        ("Logs", "https://grafana.example.com/explore?service=order-api&environment=production"),
        ("Runbook", "https://wiki.example.com/r"),
        (own["title"], own["url"]),
    ]


def test_the_teams_own_pages_are_those_of_its_environment() -> None:
    """Where their addresses name it, the runbook's included."""
    own = {"title": "Traces of {name}", "url": "https://traces.example.com/{environment}"}
    spec = {**WEB, "links": [own], "runbook": "https://wiki.example.com/{environment}"}
    _, *links = dashboard_of(workload(spec))["links"]
    assert [(each["title"], each["url"]) for each in links] == [
        ("Runbook", "https://wiki.example.com/production"),
        ("Traces of order-api", "https://traces.example.com/production"),
    ]


def test_the_sidecar_finds_it() -> None:
    """By its label, as a file of the service's name in the folder of the team."""
    found: Any = dashboard_object(SUBJECTS["web"])
    assert found["metadata"]["name"] == "order-api-dashboard"
    assert found["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert found["metadata"]["annotations"] == {"grafana_folder": "commerce"}
    assert list(found["data"]) == ["order-api.json"]


def test_a_small_change_is_a_small_difference() -> None:
    """A value a line: another title changes one of them, and no number of Grafana's own moves."""
    before, after = text_of(workload(WEB)).splitlines(), text_of(workload(WEB, title="Orders")).splitlines()
    assert [(old, new) for old, new in zip(before, after, strict=True) if old != new] == [
        (' "title": "order-api in production",', ' "title": "Orders in production",')
    ]
    assert not {"id", "version", "iteration"} & dashboard_of(workload(WEB)).keys()


def test_the_judge_knows_what_is_wrong() -> None:
    """An unknown field, a wrong type, a panel of a kind that it is not."""
    good = dashboard_of(SUBJECTS["web"])

    def spoilt(**change: object) -> list[str]:
        panel = {**good["panels"][1], **change}
        return schema_errors({**good, "panels": [panel]})

    assert spoilt() == []
    assert spoilt(gridpos={"x": 0})
    assert spoilt(title=5)
    assert spoilt(type="timeseries")
    assert spoilt(options={**good["panels"][1]["options"], "graphMode": "spark"})


@pytest.mark.parametrize(
    ("name", "environment", "expected"),
    [
        ("order-api", "staging", "order-api-staging"),
        ("n" * 30, "e" * 9, f"{'n' * 30}-{'e' * 9}"),
        ("n" * 40, "e" * 30, f"{'n' * 31}-0a56c066"),
        ("n" * 30, "e" * 30, None),
    ],
)
def test_a_uid_fits_into_what_grafana_allows(name: str, environment: str, expected: str | None) -> None:
    """Name and environment as they are where they fit, and their beginning with a checksum where not."""
    uid = dashboard_uid(name, environment)
    assert len(uid) <= 40
    assert expected is None or uid == expected
    assert uid != dashboard_uid(name, "f" * len(environment))
