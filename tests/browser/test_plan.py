"""Plans in the portal, in a real browser: before anything is there, of a service that runs, and while creating one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pytest
from playwright.sync_api import Locator, Page, expect

from foundation.connections.kubernetes import KubernetesApi, connect_cluster
from foundation.settings import ClusterSettings
from tests.browser.conftest import Pictures
from tests.browser.test_walk import LONG, choose_team
from tests.running_platform import Platform

pytestmark = pytest.mark.browser

DOCUMENT = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: parcel-rates
  team: commerce
spec:
  language: python
  dependencies:
    - type: postgresql
      size: small
  deployment:
    replicas:
      min: 2
      max: 4
  environments:
    - staging
    - production
"""
AUTOSCALER = "/apis/autoscaling/v2/namespaces/commerce/horizontalpodautoscalers/order-api"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_pasted_document(page: Page, picture: Pictures, theme: str) -> None:
    """Every resource of each environment in a table, what would not run folded away, and nothing is made by looking."""
    use(page, theme)
    page.goto("/")
    page.get_by_role("link", name="Plan", exact=True).click()
    editor(page).fill(DOCUMENT)
    picture(f"plan-document-{theme}")
    page.get_by_role("button", name="Show the plan").click()
    expect(status(page)).to_have_text(
        re.compile(r"^\d+ to create, 0 to change, 0 to replace, 0 to delete"), timeout=LONG
    )
    expect(page.get_by_role("heading", name="What would happen")).to_be_focused()
    for environment in ("staging", "production"):
        table = page.get_by_role("table", name=f"Changes in {environment}")
        expect(row(table, "Deployment")).to_contain_text("Create")
        expect(row(table, "AWS::RDS::DBInstance")).to_contain_text(f"{environment}-parcel-rates")
    picture(f"plan-{theme}")
    files = page.get_by_text(re.compile(r"files? to write in the repository commerce/parcel-rates")).first
    # By keyboard, as every part of the page.
    files.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="Files of staging")).to_be_visible()
    page.get_by_role("button", name="Show the plan").click()
    expect(status(page)).to_contain_text("to create", timeout=LONG)


def test_one_environment(page: Page) -> None:
    """The environments are those that the document names."""
    page.goto("/plan")
    editor(page).fill(DOCUMENT)
    page.get_by_role("button", name=re.compile("Environment")).click()
    page.get_by_role("option", name="production").click()
    page.get_by_label("Version").fill("2.0.0")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("table", name="Changes in production")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("table", name="Changes in staging")).to_have_count(0)


def test_a_wrong_document(page: Page, picture: Pictures) -> None:
    """Each error while one writes, with its place, which leads there; the plan waits until they are mended."""
    page.goto("/plan")
    wrong = DOCUMENT.replace("size: small", "size: smal").replace("min: 2", "min: 20")
    editor(page).fill(wrong)
    errors = page.get_by_role("region", name="Errors in the document")
    expect(errors).to_contain_text("2 errors in the document", timeout=LONG)
    expect(errors).to_contain_text('Did you mean "small"?')
    expect(errors).to_contain_text("min 20 is above max 4")
    picture("plan-errors")
    errors.get_by_role("button", name="Go to line 10, column 13").click()
    expect(editor(page)).to_be_focused()
    assert page.evaluate("window.getSelection().toString()") == "smal"
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_text("Nothing can be planned while there are errors")).to_be_visible(timeout=LONG)
    editor(page).fill(DOCUMENT)
    expect(errors).to_have_count(0)


def test_drift_of_a_service(platform: Platform, page: Page, picture: Pictures) -> None:
    """What somebody changed by hand shows on the tab of the service, and is gone when it is taken back."""
    page.goto("/catalog/default/component/order-api")
    # The navigation has a link of that name too.
    page.locator("a[href$='/order-api/plan']").filter(has_text=re.compile("^Plan$")).click()
    expect(page.get_by_text(re.compile("Made just now"))).to_be_visible(timeout=LONG)
    table = page.get_by_role("table", name="Changes in staging")
    expect(row(table, "HorizontalPodAutoscaler")).to_have_count(0)
    with changed(cluster_of(platform, "staging"), 99):
        page.get_by_role("button", name="Check again").click()
        drifted = row(table, "HorizontalPodAutoscaler")
        expect(drifted).to_contain_text("Change", timeout=LONG)
        expect(drifted).to_contain_text(re.compile(r"maxReplicas 99"))
        picture("plan-drift")
    page.get_by_role("button", name="Check again").click()
    expect(drifted).to_have_count(0, timeout=LONG)


def test_what_a_service_owns(page: Page, picture: Pictures) -> None:
    """Its release and each thing with its state, on its overview."""
    page.goto("/catalog/default/component/order-api")
    table = page.get_by_role("table", name="What the service owns")
    expect(row(table, "Database")).to_contain_text("PostgreSQL", timeout=LONG)
    expect(row(table, "DNS name")).to_contain_text("order-api.")
    expect(page.get_by_text("newest release of the platform")).to_be_visible()
    picture("platform-card")


def test_a_golden_path_shows_what_it_will_make(platform: Platform, page: Page, picture: Pictures) -> None:
    """Before the review: resources and files of what was filled in, while nothing is created."""
    page.goto("/create")
    expect(page.get_by_text("New Python service").first).to_be_visible(timeout=LONG)
    page.goto("/create/templates/default/python-service")
    page.get_by_label("Name", exact=False).first.fill("ribbon-api")
    choose_team(page, "commerce")
    page.get_by_label(re.compile("What it does|Description")).first.fill("Ties ribbons")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    table = page.get_by_role("table", name="Changes in staging")
    expect(row(table, "Deployment")).to_contain_text("ribbon-api", timeout=LONG)
    expect(page.get_by_text(re.compile(r"^\d+ files in the new repository$"))).to_be_visible()
    picture("create-preview")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_role("button", name="Create")).to_be_visible()
    assert not (platform.layout.git / "commerce" / "ribbon-api.git").exists()


def use(page: Page, theme: str) -> None:
    """Look at the portal in that theme, as the settings page would set it."""
    page.add_init_script(f"window.localStorage.setItem('theme', '{theme}')")


def editor(page: Page) -> Locator:
    """The field for a document."""
    return page.get_by_role("textbox", name="Service document")


def status(page: Page) -> Locator:
    """The line that sums up a plan."""
    return page.get_by_role("status").filter(has_text=re.compile("to create|Nothing to change"))


def row(table: Locator, kind: str) -> Locator:
    """The row of the only thing of that kind."""
    return table.get_by_role("row").filter(has=table.page.get_by_text(kind, exact=True))


def cluster_of(platform: Platform, environment: str) -> KubernetesApi:
    """The simulated cluster of an environment, for who changes things by hand."""
    return connect_cluster(
        ClusterSettings(environment, environment, kubeconfig=platform.layout.kubeconfig, context=environment)
    )


@contextmanager
def changed(api: KubernetesApi, most: int) -> Iterator[None]:
    """The most pods of order-api, changed by hand for a while."""
    before = cast("dict[str, Any]", api.request("GET", AUTOSCALER).body)["spec"]["maxReplicas"]
    scale(api, most)
    try:
        yield
    finally:
        scale(api, before)


def scale(api: KubernetesApi, most: int) -> None:
    """What `kubectl patch` does, under its name."""
    who, patch = {"fieldManager": "kubectl-patch"}, {"spec": {"maxReplicas": most}}
    api.request("PATCH", AUTOSCALER, query=who, body=patch, content_type="application/merge-patch+json")
