"""The real notifications plugin, told by the real server that a service stays Degraded."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from greenroom.local.disturbances import break_service, heal_service
from tests.running_platform import Platform, eventually

pytestmark = pytest.mark.contract


def test_an_owner_is_told_once_and_again_on_recovery(platform: Platform) -> None:
    """Members of the owning group read it, with a link to the page that says more; the recovery takes its place."""
    break_service(platform.layout, "order-api", "crash", "production")
    try:
        told = eventually(lambda: _with_title(platform, "order-api is Degraded in production"), "the owner to be told")
        payload = told["payload"]
        assert "crash" in payload["description"]
        assert payload["link"] == "/catalog/default/component/order-api/runtime"
        assert payload["severity"] == "high"
    finally:
        heal_service(platform.layout, "order-api", "production")
    again = eventually(lambda: _with_title(platform, "order-api has recovered in production"), "the recovery")
    assert again["id"] == told["id"]
    assert not again.get("read")
    assert [each["id"] for each in _notifications(platform)].count(told["id"]) == 1


def test_the_token_for_notifications_opens_nothing_else(platform: Platform) -> None:
    token = (platform.layout.home / "secrets" / "portal-token").read_text().strip()
    url = f"{platform.portal}/api/catalog/entities"
    assert requests.get(url, headers={"Authorization": f"Bearer {token}"}, timeout=10).status_code == 403


def _notifications(platform: Platform) -> list[dict[str, Any]]:
    answer = platform.backstage("notifications/notifications")
    answer.raise_for_status()
    return list(answer.json()["notifications"])


def _with_title(platform: Platform, title: str) -> dict[str, Any] | None:
    return next((each for each in _notifications(platform) if each["payload"]["title"] == title), None)
