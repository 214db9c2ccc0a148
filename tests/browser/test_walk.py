"""What a newcomer does in the portal, in a real browser, from the catalog to the docs of a service of their own."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from greenroom.local.credentials import ensure_credentials
from greenroom.local.disturbances import break_service, heal_service
from tests.browser.conftest import Pictures
from tests.running_platform import Platform, eventually

pytestmark = pytest.mark.browser

# Milliseconds. Generous: a loaded machine is slow, and nothing is judged by it.
LONG = 60_000


def test_health_moves_by_itself_on_the_list(platform: Platform, page: Page, picture: Pictures) -> None:
    """A service that breaks turns its row to Degraded with the reason, without a reload, and back when it is mended."""
    # Where other portals have the list; it leads to the home page.
    page.goto("/catalog")
    row = row_of(page, "order-api")
    expect(row).to_contain_text("Healthy", timeout=LONG)
    expect(page.get_by_role("status").filter(has_text="Health: live")).to_be_visible()
    picture("catalog")
    page.evaluate("window.notReloaded = true")
    break_service(platform.layout, "order-api", "crash")
    expect(row).to_contain_text("Degraded", timeout=LONG)
    picture("catalog-degraded")
    row.get_by_text("Degraded").hover()
    expect(page.get_by_role("tooltip")).to_contain_text("crash")
    heal_service(platform.layout, "order-api")
    expect(row).to_contain_text("Healthy", timeout=LONG)
    assert page.evaluate("window.notReloaded")


def test_a_service_says_what_is_wrong_and_what_to_do(platform: Platform, page: Page, picture: Pictures) -> None:
    """The health card has each environment with verdict, sentence and since, what to do, and that it is simulated."""
    break_service(platform.layout, "order-api", "oom")
    page.goto("/catalog/default/component/order-api")
    card = page.get_by_role("table", name="Health by environment")
    staging = card.get_by_role("row").filter(has_text="staging")
    expect(staging).to_contain_text("Degraded", timeout=LONG)
    expect(staging).to_contain_text("OOMKilled", timeout=LONG)
    expect(staging).to_contain_text("1.4.2")
    expect(page.get_by_text("simulated").first).to_be_visible()
    card.get_by_role("button", name="Workloads in staging").click()
    expect(page.get_by_text("Deployment").first).to_be_visible()
    picture("degraded")

    page.goto("/health")
    worst = page.get_by_role("table", name="Services by health").get_by_role("row").nth(1)
    expect(worst).to_contain_text("order-api", timeout=LONG)
    expect(worst).to_contain_text("OOMKilled")
    picture("health of all")
    page.goto("/catalog/default/component/order-api/runtime")
    expect(page.get_by_role("table", name="Resources")).to_contain_text("HorizontalPodAutoscaler", timeout=LONG)
    expect(page.get_by_label("Transitions in staging")).to_contain_text("OOMKilled", timeout=LONG)
    picture("runtime")

    heal_service(platform.layout, "order-api")
    expect(card.get_by_role("row").filter(has_text="staging")).to_contain_text("Healthy", timeout=LONG)
    expect(page.get_by_label("Transitions in staging").get_by_role("listitem").first).to_contain_text("Healthy")


def test_a_wrong_document_is_shown_on_the_page_of_its_service(
    platform: Platform, page: Page, picture: Pictures, tmp_path: Path
) -> None:
    """A push with mistakes leaves the entity as it was, and each mistake is on its page with its place."""
    clone = Clone.of(platform, "storefront/checkout-web", tmp_path / "clone")
    right = (clone.folder / "service.yaml").read_text()
    clone.push("service.yaml", right.replace("cpu: small", "cpu: smal").replace("min: 2", "min: 20"))
    detail = "live/v1/health/component/default/checkout-web"
    eventually(lambda: platform.client.get(detail)["document"]["problems"], "the mistakes to be noticed")
    page.goto("/catalog/default/component/checkout-web")
    problem = page.get_by_text(re.compile(r"service\.yaml:\d+:\d+"))
    expect(problem.first).to_be_visible(timeout=LONG)
    expect(page.get_by_text('Did you mean "small"?').first).to_be_visible()
    expect(page.get_by_text("min 20 is above max 6").first).to_be_visible()
    expect(page.get_by_role("table", name="Health by environment")).to_contain_text("Healthy")
    picture("wrong-document")
    clone.push("service.yaml", right)
    eventually(lambda: not platform.client.get(detail)["document"]["problems"], "the document to be right again")
    page.reload()
    expect(page.get_by_role("table", name="Health by environment")).to_contain_text("Healthy", timeout=LONG)
    expect(problem).to_have_count(0)


def test_a_new_service_from_the_create_page(platform: Platform, page: Page, picture: Pictures) -> None:
    """Form, log as it comes, links at the end; then its entity, its health and its docs with search."""
    page.goto("/create")
    expect(page.get_by_text("New Python service").first).to_be_visible(timeout=LONG)
    page.goto("/create/templates/default/python-service")
    page.get_by_label("Name", exact=False).first.fill("gift-api")
    picture("create-form")
    choose_team(page, "commerce")
    page.get_by_label(re.compile("What it does|Description")).first.fill("Wraps presents")
    to_review(page)
    picture("create-review")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_text("Finished step Deploy to staging").first).to_be_visible(timeout=LONG)
    picture("create-running")
    link = page.get_by_role("link", name="Open the service")
    expect(link).to_be_visible(timeout=LONG)
    picture("create-done")
    link.click()
    card = page.get_by_role("table", name="Health by environment")
    expect(card.get_by_role("row").filter(has_text="staging")).to_contain_text("Healthy", timeout=LONG)
    picture("new-service")
    page.goto("/docs/default/component/gift-api")
    expect(page.get_by_role("heading", name="gift-api").first).to_be_visible(timeout=LONG)
    picture("new-service-docs")
    page.goto("/docs/default/component/gift-api/api/")
    expect(page.get_by_text("/v1/greetings/{person}").first).to_be_visible(timeout=LONG)
    picture("new-service-api")
    page.goto("/docs/default/component/gift-api/decisions/")
    expect(page.get_by_role("link", name=re.compile("FastAPI")).first).to_be_visible(timeout=LONG)
    picture("new-service-decisions")
    eventually(lambda: found(platform, "presents", "gift-api"), "the new page in the search index")
    page.get_by_role("searchbox", name="Search docs").fill("presents")
    expect(page.get_by_role("listbox").get_by_text("presents").first).to_be_visible(timeout=LONG)
    picture("new-service-search")


@dataclass(frozen=True)
class Clone:
    """A clone of a repository of the platform's Git host, and what a developer does with it."""

    folder: Path
    address: str

    @classmethod
    def of(cls, platform: Platform, name: str, folder: Path) -> Clone:
        """Clone a repository with the right to push."""
        token = ensure_credentials(platform.layout).token
        address = platform.layout.ports.url("git").replace("//", f"//ada:{token}@") + f"/{name}.git"
        subprocess.run(["git", "clone", "-q", address, str(folder)], check=True)
        return cls(folder, address)

    def push(self, path: str, text: str) -> None:
        """Change a file and push that."""
        (self.folder / path).write_text(text)
        author = ["-c", "user.name=Ada", "-c", "user.email=ada@acme.example"]
        subprocess.run(["git", "-C", str(self.folder), *author, "commit", "-qam", "Change"], check=True)
        subprocess.run(["git", "-C", str(self.folder), "push", "-q", self.address, "main"], check=True)


def found(platform: Platform, term: str, service: str) -> bool:
    """Whether Backstage's search finds the word in the documentation of the service."""
    answer = platform.backstage(f"search/query?term={term}&types[0]=techdocs")
    return any(f"/{service}/" in each["document"]["location"] for each in answer.json()["results"])


def row_of(page: Page, service: str) -> Locator:
    """The list's row of a service."""
    link = page.get_by_role("link", name=service, exact=True)
    return page.get_by_role("row").filter(has=link)


def choose_team(page: Page, team: str) -> None:
    """Pick the owner in Backstage's own field."""
    field = page.get_by_label(re.compile("Team|Owner")).first
    field.click()
    field.fill(team)
    page.get_by_role("option", name=re.compile(team, re.IGNORECASE)).first.click()


def to_review(page: Page) -> None:
    """Go through the form's pages to the review."""
    while page.get_by_role("button", name=re.compile("^(Next|Review)$")).count():
        page.get_by_role("button", name=re.compile("^(Next|Review)$")).click()
        if page.get_by_role("button", name="Create").count():
            return
