"""Whose health there is to know."""

from __future__ import annotations

from typing import Any

from catalog_provider.feed.subjects import Subjects

WEB, SHOP = "component:default/web", "component:default/shop"


def component(name: str, *, service: str = "", owner: str = "commerce") -> dict[str, Any]:
    annotations = {"backstage.io/kubernetes-id": service or name}
    return {"kind": "Component", "metadata": {"name": name, "annotations": annotations}, "spec": {"owner": owner}}


def test_components_that_came_went_or_changed_are_told() -> None:
    """By what is asked of them: a description is none of it, and no other kind has health."""
    subjects = Subjects()
    system: dict[str, Any] = {"kind": "System", "metadata": {"name": "shop"}}
    assert subjects.update({WEB: component("web"), SHOP: component("shop"), "system:default/shop": system}) == {
        WEB,
        SHOP,
    }
    described = component("web")
    described["metadata"]["description"] = "What people see."
    assert not subjects.update({WEB: described})
    assert subjects.update({WEB: component("web", owner="payment")}) == {WEB}
    assert subjects.update({SHOP: None}) == {SHOP}
    assert set(subjects.refs()) == {WEB}
    assert subjects.get(SHOP) is None


def test_a_service_has_the_entities_that_name_it_now() -> None:
    """Two may, and one that names another leaves it."""
    subjects = Subjects()
    subjects.update({WEB: component("web"), SHOP: component("shop", service="web")})
    assert set(subjects.of_services(["web", "unknown"])) == {WEB, SHOP}
    subjects.update({WEB: component("web", service="other")})
    assert (subjects.of_services(["web"]), subjects.of_services(["other"])) == ([SHOP], [WEB])
    subjects.update({SHOP: None})
    assert not subjects.of_services(["web"])
    assert set(subjects.of_services(None)) == {WEB}
