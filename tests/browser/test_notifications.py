"""What an owner sees when a service of theirs stays in trouble."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from greenroom.local.disturbances import break_service, heal_service
from tests.browser.conftest import Pictures
from tests.running_platform import Platform

pytestmark = pytest.mark.browser

# Milliseconds. Generous: a loaded machine is slow, and nothing is judged by it.
LONG = 60_000


def test_an_owner_hears_of_trouble_and_of_its_end(platform: Platform, page: Page, picture: Pictures) -> None:
    """The list of notifications gets it without a reload; it leads to the tab Runtime, and can be turned off."""
    page.goto("/notifications")
    expect(page.get_by_role("heading", name="Unread notifications")).to_be_visible(timeout=LONG)
    break_service(platform.layout, "order-api", "oom", "production")
    try:
        trouble = page.get_by_role("link", name="order-api is Degraded in production")
        expect(trouble).to_be_visible(timeout=LONG)
        expect(page.get_by_text("OOMKilled").first).to_be_visible()
        picture("notification")
    finally:
        heal_service(platform.layout, "order-api", "production")
    expect(trouble).to_have_count(0, timeout=LONG)
    page.get_by_role("link", name="order-api has recovered in production").first.click()
    expect(page.get_by_role("table", name="Resources")).to_be_visible(timeout=LONG)
    page.goto("/settings/notifications")
    expect(page.get_by_role("row").filter(has_text="Greenroom").get_by_role("switch")).to_be_checked(timeout=LONG)
    picture("notification settings")
