"""The how-to says what there is: each metric, each alert, and examples that work."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import CollectorRegistry, generate_latest

from scaffolder_actions.infrastructure.template import stack_template
from scaffolder_actions.workload.compiling import compile_environment
from scaffolder_actions.workload.observability.series import series_of
from tests.judges.documents import document_of, service_of
from tests.scaffolder_actions.observability.test_alerts import alert_rules, groups
from tests.scaffolder_actions.observability.test_dashboard import dashboard_of, expressions
from tests.scaffolder_actions.observability.workloads import PLATFORM, SUBJECTS, WEB, workload

HOW_TO = (Path(__file__).parents[3] / "docs/how-to/observe-a-service.md").read_text(encoding="utf-8")
_METRIC = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\{")


def section(heading: str) -> str:
    """The text under a heading."""
    return HOW_TO.split(f"## {heading}\n")[1].split("\n## ")[0]


def example(heading: str, language: str) -> str:
    """The last example of that language under a heading."""
    return section(heading).rsplit(f"```{language}\n")[-1].split("```")[0]


def every_expression() -> Iterator[str]:
    """What is asked of Prometheus, by rules and panels."""
    for subject in SUBJECTS.values():
        yield from (rule["expr"] for group in groups(subject) for rule in group["rules"])
        yield from expressions(dashboard_of(subject))


def test_every_metric_that_is_used_is_listed_and_no_other() -> None:
    """Whoever runs a platform reads there what has to be exported."""
    used = {name for expression in every_expression() for name in _METRIC.findall(expression)}
    assert set(re.findall(r"`([^`]+)`", section("Every metric that is used"))) == used


def test_every_series_that_is_recorded_is_explained() -> None:
    """By name, and the windows beside it."""
    recorded = {rule["record"] for group in groups(SUBJECTS["web"]) for rule in group["rules"] if "record" in rule}
    text = section("Objectives and their alerts")
    for name in recorded:
        stem, _, window = name.partition("ratio_rate")
        assert f"`{name}`" in text or (window and f"`{window}`" in text and f"{stem}ratio_rate" in text)


def test_every_alert_is_listed_with_its_severity() -> None:
    """As it is in production."""
    listed = dict(re.findall(r"^\| `(\w+)` \| (page|ticket) \|", section("The alerts"), re.MULTILINE))
    found = {
        rule["alert"]: rule["labels"]["severity"] for subject in SUBJECTS.values() for rule in alert_rules(subject)
    }
    assert listed == found


def test_the_exporters_configuration_exports_what_is_asked_of_aws() -> None:
    """Under the names that YACE makes, with every tag that a selector names and a resource carries."""
    discovery = yaml.safe_load(example("What the platform runs", "yaml"))["discovery"]
    exported = {
        _yace_name(job["type"], metric["name"], statistic)
        for job in discovery["jobs"]
        for metric in job["metrics"]
        for statistic in metric.get("statistics", job["statistics"])
    }
    used = {name for expression in every_expression() for name in _METRIC.findall(expression) if name[:4] == "aws_"}
    assert exported == used
    series = series_of(SUBJECTS["web"])
    for job in discovery["jobs"]:
        tags = set(discovery["exportedTagsOnMetrics"][job["type"]])
        assert set(re.findall(r"tag_(\w+)", series.cloud)) <= tags
    assert "holds" in discovery["exportedTagsOnMetrics"]["AWS/SQS"]


def _yace_name(namespace: str, metric: str, statistic: str) -> str:
    """The name that YACE gives a metric, by the rules of its pkg/promutil."""
    words = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", metric).lower()
    return f"{namespace.lower().replace('/', '_')}_{words}_{statistic.lower()}"


def test_the_stack_carries_the_tags_that_alerts_select_by() -> None:
    """Queues of dead letters are told from the others by theirs."""
    template: Any = stack_template(workload(WEB))
    queues = {
        name: {tag["Key"]: tag["Value"] for tag in each["Properties"]["Tags"]}
        for name, each in template["Resources"].items()
        if each["Type"] == "AWS::SQS::Queue"
    }
    assert {name: tags.get("holds") for name, tags in queues.items()} == {
        "Queue": None,
        "QueueDeadLetters": "dead-letters",
    }
    assert all(
        {"service": "order-api", "environment": "production"}.items() <= tags.items() for tags in queues.values()
    )


def test_the_example_of_a_service_counts_its_requests() -> None:
    """By route and status, with the bounds that objectives name; metrics are not among them."""
    registry = CollectorRegistry()
    module: dict[str, Any] = {"registry": registry}
    code = example("What the service must offer", "python")
    exec(code.replace("buckets=SECONDS", "buckets=SECONDS, registry=registry"), module)  # noqa: S102  our own text

    async def app(scope: dict[str, Any], receive: object, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})

    async def ask(path: str) -> None:
        async def send(message: object) -> None:
            pass

        scope = {"type": "http", "method": "GET", "path": path, "route": type("Route", (), {"path": "/orders/{id}"})}
        await module["Measured"](app)(scope, None, send)

    for path in ("/orders/1", "/metrics"):
        asyncio.run(ask(path))
    text = generate_latest(registry).decode()
    labels = 'http_request_method="GET",http_response_status_code="200",http_route="/orders/{id}"'
    assert f"http_server_request_duration_seconds_count{{{labels}}} 1.0" in text
    for bound in ("0.005", "0.5", "1.0", "10.0"):
        assert f'le="{bound}"' in text


def test_the_example_of_a_patch_adds_a_rule() -> None:
    """To the object that is generated."""
    spec = yaml.safe_load(example("Add your own", "yaml"))["spec"]
    compiled = compile_environment(service_of(document_of(**spec)), "production", "1.4.2", PLATFORM)
    rules: list[Any] = [each for each in compiled.objects if each["kind"] == "PrometheusRule"]
    assert rules[0]["spec"]["groups"][-1]["name"] == "order-api.carts"
