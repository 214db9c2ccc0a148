"""What the documents of several services contradict one another in, as the catalog tells it."""

from __future__ import annotations

from collections.abc import Callable

from catalog_provider.sources.catalogue import Catalogue
from foundation.jsontypes import JsonObject

from .conftest import Published
from .samples import document, reading

Start = Callable[[], Catalogue]


def component(name: str, *needs: str, hosts: str = "") -> JsonObject:
    """A Component that needs others, and is reached at hosts."""
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {"name": name, "annotations": {"greenroom/hosts": hosts}},
        "spec": {"dependsOn": [f"component:default/{each}" for each in needs]},
    }


def problems_of(catalogue: Catalogue) -> list[str]:
    return [str(problem) for _, problems in catalogue.sources() for problem in problems]


def test_a_host_belongs_to_whom_had_it_first(start: Start, published: Published) -> None:
    """Both stay in the catalog; the problem stands with the one that came later."""
    catalogue = start()
    catalogue.take("folder", reading())
    catalogue.take("git", reading(document("z", component("shop", hosts="staging=try.shop.io/,production=shop.io/"))))
    claims = reading(document("a", component("cart", hosts="production=shop.io/")))
    catalogue.take("folder", claims)
    assert set(published[-1]) == {"component:default/shop", "component:default/cart"}
    expected = "a: exposure: shop.io in production is claimed by component:default/shop too."
    assert problems_of(catalogue) == [f"{expected} Give one of them another host."]
    found = catalogue.document_of("component:default/shop")
    assert found
    assert not found[1]


def test_paths_are_no_way_to_share_a_host(start: Start) -> None:
    """Its Gateway has one listener for it, which one of them brings."""
    catalogue = start()
    catalogue.take("folder", reading())
    both = [component("shop", hosts="production=shop.io/"), component("cart", hosts="production=shop.io/cart")]
    catalogue.take("git", reading(*(document(str(place), each) for place, each in enumerate(both))))
    assert len(problems_of(catalogue)) == 1


def test_services_that_wait_for_one_another_are_told(start: Start) -> None:
    """Across repositories, and until one of them lets go."""
    catalogue = start()
    catalogue.take("folder", reading(document("a", component("a", "b"))))
    catalogue.take("git", reading(document("b", component("b", "c")), document("c", component("c", "a"))))
    assert problems_of(catalogue) == [
        "a: dependencies: they go in a circle: a → b → c → a. Let one of them do without the other, for example by a queue."
    ]
    catalogue.take("git", reading(document("b", component("b", "c")), document("c", component("c", "elsewhere"))))
    assert problems_of(catalogue) == []
