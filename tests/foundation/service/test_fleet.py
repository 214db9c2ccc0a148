"""What several services contradict one another in."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from foundation.service import Service, fleet_problems
from foundation.settings import PlatformSettings
from tests.foundation.service.reading import read


def named(name: str, *needs: str, **spec: object) -> Service:
    """A service that depends on others."""
    dependencies = [{"type": "service", "name": each} for each in needs]
    document = {
        "apiVersion": "platform.company.com/v1",
        "kind": "Service",
        "metadata": {"name": name, "team": "t"},
        "spec": {"dependencies": dependencies, **spec},
    }
    return read(json.dumps(document))


def found(*services: Service) -> list[str]:
    files = {f"{index}.yaml": each for index, each in enumerate(services)}
    return [str(each) for each in fleet_problems(files, PlatformSettings())]


def test_services_that_need_each_other_in_one_direction_are_fine() -> None:
    """A diamond is no circle."""
    assert found(named("a", "b", "c"), named("b", "d"), named("c", "d"), named("d", "elsewhere")) == []


def test_a_circle_is_named_with_the_way_round_it() -> None:
    """Once, whichever service one begins with."""
    expected = "dependencies: they go in a circle: a → b → c → a."
    for services in (("a", "b", "c"), ("c", "a", "b")):
        needs = {"a": "b", "b": "c", "c": "a"}
        problems = found(*(named(each, needs[each]) for each in services))
        assert len(problems) == 1
        assert expected in problems[0]


def test_one_host_is_one_service_s() -> None:
    """Paths are no way to share it."""
    shop = {"exposure": {"visibility": "public", "host": "shop.io"}}
    cart = {"exposure": {"visibility": "public", "host": "shop.io", "path": "/cart"}}
    assert found(named("a", **shop), named("b", exposure={"visibility": "public"})) == []
    assert len(found(named("a", **shop), named("b", **cart))) == 2
    problems = found(named("a", **shop), named("b", **shop))
    assert "1.yaml: exposure: shop.io in production is claimed by a too." in " ".join(problems)


def test_a_name_is_one_service_s() -> None:
    """Two documents cannot describe the same service."""
    assert 'metadata.name: 0.yaml describes "a" already.' in found(named("a"), named("a"))[0]


@given(st.lists(st.lists(st.integers(0, 7), max_size=4, unique=True), min_size=1, max_size=8))
def test_there_is_a_finding_exactly_where_there_is_a_circle(edges: list[list[int]]) -> None:
    """Against taking away, again and again, what needs nothing more."""
    names = {index: f"s{index}" for index in range(8)}
    needs = {
        index: {each for each in targets if each != index and each < len(edges)} for index, targets in enumerate(edges)
    }
    services = [named(names[index], *(names[each] for each in sorted(targets))) for index, targets in needs.items()]
    left = {index: set(targets) for index, targets in needs.items()}
    while free := [index for index, targets in left.items() if not targets]:
        left = {index: targets - set(free) for index, targets in left.items() if index not in free}
    assert bool(found(*services)) == bool(left)
