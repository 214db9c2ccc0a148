"""A real browser, signed in to the portal of a running platform."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.running_platform import Platform

# Nothing in the background: a closed network makes Chromium's own errands fail, and slow.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PICTURES = Path(__file__).parents[2] / "test-results" / "screenshots"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, or else the one that Playwright brings."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, platform: Platform) -> Iterator[Page]:
    """A page of the portal, wide enough for a laptop's screen."""
    context = browser.new_context(base_url=platform.portal, viewport={"width": 1400, "height": 900})
    context.set_default_timeout(30_000)
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture
def picture(page: Page, request: pytest.FixtureRequest) -> Iterator[Pictures]:
    """Keeps screenshots by name; the last state of every test is kept too."""
    pictures = Pictures(page)
    yield pictures
    pictures(request.node.name)


class Pictures:
    """Screenshots below `test-results/screenshots`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def __call__(self, name: str) -> None:
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")
