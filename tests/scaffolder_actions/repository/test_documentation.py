"""The first pages of documentation: whole, built by TechDocs, and where alerts lead to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from foundation.service import Service
from foundation.settings import PlatformSettings
from foundation.yaml import load_yaml
from scaffolder_actions.workload import workload_of
from scaffolder_actions.workload.observability import alerts_of
from scaffolder_actions.workload.repository import documentation
from scaffolder_actions.workload.repository.runbook import _words
from techdocs import build_site
from tests.judges.documents import document_of, service_of, services

PLATFORM = PlatformSettings()
FULL = document_of(
    exposure={"visibility": "public"},
    objectives={"availability": 99.9, "latency": {"milliseconds": 500}},
    deployment={"replicas": {"min": 2, "max": 6}},
    dependencies=[
        {"type": "postgresql", "name": "orders"},
        {"type": "redis"},
        {"type": "s3"},
        {"type": "sqs"},
        {"type": "service", "name": "payment-api", "team": "payments"},
    ],
)
JOB = document_of(type="job", schedule={"cron": "15 3 * * *"})
WORKER = document_of(type="worker", dependencies=[{"type": "sqs"}])


def names_of_alerts(service: Service) -> set[str]:
    return {
        alert.name
        for environment in service.environments
        for group in alerts_of(workload_of(service, environment, "1", PLATFORM)).values()
        for alert in group
    }


def headings(page: str) -> list[str]:
    return re.findall(r"^## (.+)$", page, re.MULTILINE)


@pytest.mark.parametrize("document", [FULL, JOB, WORKER], ids=["web", "job", "worker"])
def test_techdocs_builds_it_and_alerts_lead_into_it(document: dict[str, object], tmp_path: Path) -> None:
    """Each alert's link ends at the section that says what to do; no page is missing and no link is dead."""
    service = service_of(document)
    root, out = tmp_path / "repository", tmp_path / "out"
    for path, text in documentation(service, PLATFORM).items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    log: list[tuple[str, str]] = []
    build_site(root, out, log=lambda message, level: log.append((level, message)))
    page = (out / "runbook" / "index.html").read_text()
    for name in names_of_alerts(service):
        assert f'id="{name.lower()}"' in page
    assert [message for level, message in log if level != "info"] == []
    assert (out / "decisions" / "0000-record-decisions-beside-the-code" / "index.html").is_file()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(services())
def test_every_alert_has_its_section(service: Service) -> None:
    """Whatever the service: one section for each kind of alert, and none for what cannot happen."""
    pages = documentation(service, PLATFORM)
    page = next((text for text in pages.values() if text.startswith("# Runbook")), None)
    if service.runbook and service.runbook.startswith("http"):
        assert page is None
        return
    assert page is not None
    assert set(headings(page)) - {"Look at it", "Go back to the version before"} == names_of_alerts(service)


def test_no_section_is_written_for_nothing() -> None:
    """What is written of alerts that nobody raises is gone."""
    raised = {name for document in (FULL, JOB, WORKER) for name in names_of_alerts(service_of(document))}
    assert set(_words()) == raised


def test_every_page_of_the_navigation_is_there() -> None:
    """Below the folder that the document names, with the runbook under the name that it has there."""
    pages = documentation(service_of(document_of(docs="handbook", runbook="handbook/docs/ops/runbook.md")), PLATFORM)
    navigation = load_yaml(pages["handbook/mkdocs.yml"], "mkdocs.yml").mapping["nav"]
    assert navigation == [{"Overview": "index.md"}, {"Runbook": "ops/runbook.md"}]
    assert {"handbook/docs/index.md", "handbook/docs/ops/runbook.md"} < pages.keys()


@pytest.mark.parametrize(
    ("runbook", "written"), [("https://wiki.example/ops", None), ("OPS.md", "OPS.md"), (None, "docs/runbook.md")]
)
def test_a_runbook_is_written_where_the_document_has_it(runbook: str | None, written: str | None) -> None:
    """And not at all where it is elsewhere already."""
    given = {"runbook": runbook} if runbook else {}
    pages = documentation(service_of(document_of(**given)), PLATFORM)
    assert [path for path, text in pages.items() if text.startswith("# Runbook")] == ([written] if written else [])
    assert ("https://wiki.example/ops" in pages["docs/index.md"]) is (runbook == "https://wiki.example/ops")


def test_the_overview_tells_how_to_reach_what_there_is() -> None:
    """Addresses of each environment, and the variables by which the service finds its dependencies."""
    page = documentation(service_of(FULL), PLATFORM)["docs/index.md"]
    assert "| In production | <https://order-api.example.com> |" in page
    assert "| PostgreSQL (orders) | `ORDERS_DATABASE_URL`" in page
    assert "| payment-api | `PAYMENT_API_URL` |" in page


def test_peoples_words_are_text() -> None:
    """What stands in a description is neither HTML nor a second line of YAML."""
    document = document_of()
    document["metadata"] |= {"title": "A: <b>", "description": "Takes\n<script>alert(1)</script>\norders."}
    pages = documentation(service_of(document), PLATFORM)
    assert load_yaml(pages["mkdocs.yml"], "mkdocs.yml").mapping["site_name"] == "A: <b>"
    assert "<script>" not in pages["docs/index.md"]
    assert "# A: &lt;b&gt;\n" in pages["docs/index.md"]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(services())
def test_the_same_document_gives_the_same_pages(service: Service) -> None:
    """Byte by byte; and paths that stay inside of the repository."""
    pages = documentation(service, PLATFORM)
    assert pages == documentation(service, PLATFORM)
    assert not [path for path in pages if path.startswith(("/", "..", "./"))]
