"""The real catalog backend, reading what `live` serves."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.running_platform import Platform, eventually

pytestmark = pytest.mark.contract


def test_examples_are_in_the_catalog_with_what_belongs_to_them(platform: Platform) -> None:
    """A service has owner, system, dependencies as Resources, its API and links."""
    entity = eventually(lambda: _entity(platform, "component/default/order-api"), "order-api in the catalog")
    relations = {(each["type"], each["targetRef"]) for each in entity["relations"]}
    assert ("ownedBy", "group:default/commerce") in relations
    assert ("partOf", "system:default/commerce") in relations
    assert ("providesApi", "api:default/order-api") in relations
    assert ("dependsOn", "resource:default/order-api-postgresql") in relations
    assert ("dependsOn", "resource:default/order-api-redis") in relations
    assert entity["metadata"]["links"]
    caller = eventually(lambda: _entity(platform, "component/default/checkout-web"), "checkout-web in the catalog")
    assert ("dependsOn", "component:default/order-api") in {(e["type"], e["targetRef"]) for e in caller["relations"]}


def test_a_guest_reads_health_with_the_token_of_the_portal(platform: Platform) -> None:
    """The token that Backstage gives a person is taken by Python as it is."""
    url = f"{platform.server}/api/live/v1/health/component/default/order-api"
    answer = requests.get(url, headers=platform.guest(), timeout=10)
    assert answer.status_code == 200
    assert {each["name"] for each in answer.json()["environments"]} == {"staging", "production"}


@pytest.mark.parametrize("token", ["", "Bearer x", "Bearer eyJhbGciOiJub25lIn0.e30."])
def test_nobody_acts_without_a_checked_identity(platform: Platform, token: str) -> None:
    """No token, a word and an unsigned token are all 401."""
    for path in ("live/v1/health", "platform/v1/runs", "docs/v1/builds"):
        answer = requests.get(f"{platform.server}/api/{path}", headers={"Authorization": token}, timeout=10)
        assert answer.status_code == 401
        assert answer.json()["error"]["name"] == "AuthenticationError"


def test_the_template_is_on_the_create_page(platform: Platform) -> None:
    """The golden path is a Template whose form the scaffolder accepts."""
    eventually(lambda: _entity(platform, "template/default/python-service"), "the golden path in the catalog")
    schema = platform.backstage("scaffolder/v2/templates/default/template/python-service/parameter-schema")
    assert schema.status_code == 200
    assert schema.json()["steps"]


def _entity(platform: Platform, path: str) -> dict[str, Any] | None:
    answer = platform.backstage(f"catalog/entities/by-name/{path}")
    return dict(answer.json()) if answer.ok and answer.json().get("relations") is not None else None
