from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from catalog_provider.sources.catalogue import Catalogue
from catalog_provider.sources.memory import CatalogMemory
from catalog_provider.sources.model import SourceReading
from foundation.errors import ServiceUnavailableError
from foundation.jsontypes import JsonObject

from .conftest import Clock, Published
from .samples import component, document, reading, system, wrong

Start = Callable[[], Catalogue]


def test_nothing_is_published_before_every_source_has_answered(start: Start, published: Published) -> None:
    """A part of the catalog would delete the rest of it."""
    catalogue = start()
    catalogue.take("git", reading(document("a", component("a"))))
    assert not published
    catalogue.fail("folder", ServiceUnavailableError("It is not there.", remedy="Create it."))
    with pytest.raises(ServiceUnavailableError, match=r"folder: It is not there\. Create it\."):
        catalogue.require_ready()
    catalogue.take("folder", reading())
    catalogue.require_ready()
    assert [set(each) for each in published] == [{"component:default/a"}]


def test_a_source_that_fails_later_changes_nothing(start: Start, published: Published) -> None:
    """Its entities stay, and it says since when they are that old."""
    catalogue = start()
    catalogue.take("git", reading(document("a", component("a"))))
    catalogue.take("folder", reading())
    catalogue.fail("git", ServiceUnavailableError("It does not answer."))
    catalogue.require_ready()
    (state, _), _ = catalogue.sources()
    assert (state.state, state.message) == ("failing", "It does not answer.")
    assert state.last_good_at is not None
    assert len(published) == 1


def test_a_wrong_document_stays_as_it_last_was(start: Start, published: Published) -> None:
    """Its problems show, its entities are the last good ones, and the others are untouched."""
    catalogue = start()
    catalogue.take("folder", reading())
    catalogue.take("git", reading(document("a", component("a")), document("b", component("b"))))
    catalogue.take("git", reading(wrong("a"), document("b", component("b", "web"))))
    assert published[-1] == {"component:default/a": component("a"), "component:default/b": component("b", "web")}
    found = catalogue.document_of("component:default/a")
    assert found is not None
    kept, problems = found
    assert (kept.stale, [each.message for each in problems]) == (True, ["is wrong."])
    catalogue.take("git", reading(document("a", component("a", "web")), document("b", component("b"))))
    found = catalogue.document_of("component:default/a")
    assert found is not None
    assert not found[0].stale
    assert not found[1]


def test_a_restart_forgets_no_document_that_is_wrong_now(start: Start, published: Published) -> None:
    """What was good before the restart stands, or fixing a typo late would delete a service."""
    catalogue = start()
    catalogue.take("folder", reading())
    catalogue.take("git", reading(document("a", component("a")), document("b", component("b"))))
    catalogue = start()
    catalogue.take("folder", reading())
    catalogue.take("git", reading(wrong("a")))
    assert set(published[-1]) == {"component:default/a"}


def test_a_document_that_is_gone_is_forgotten(start: Start, published: Published, memory: CatalogMemory) -> None:
    """Deleted is not the same as wrong."""
    catalogue = start()
    catalogue.take("folder", reading())
    catalogue.take("git", reading(document("a", component("a"))))
    catalogue.take("git", reading())
    assert published[-1] == {}
    assert memory.good_documents("git") == {}


def test_a_name_belongs_to_whom_had_it_first(start: Start, published: Published) -> None:
    """Also across a restart, and wherever the second one sorts; the problem names both."""
    catalogue = start()
    catalogue.take("folder", reading())
    catalogue.take("git", reading(document("z", component("shop"))))
    claims = reading(document("a", component("shop", "web"), component("more")))
    for _ in range(2):
        catalogue.take("folder", claims)
        assert published[-1] == {
            "component:default/shop": component("shop"),
            "component:default/more": component("more"),
        }
        _, (_, problems) = catalogue.sources()
        assert [(each.file, "claimed by z" in each.message) for each in problems] == [("a", True)]
        catalogue = start()
        catalogue.take("git", reading(document("z", component("shop"))))


def test_at_the_first_start_the_order_of_sources_decides(start: Start, published: Published) -> None:
    """Whichever thread is faster, the outcome is the same."""
    catalogue = start()
    catalogue.take("folder", reading(document("a", component("shop", "folder"))))
    catalogue.take("git", reading(document("z", component("shop", "git"))))
    assert published[-1] == {"component:default/shop": component("shop", "git")}


def test_what_is_implied_gives_way(start: Start, published: Published) -> None:
    """A System that services name exists once, and as it was declared where it was."""
    catalogue = start()
    both = (document("a", implied=[system("shop", "a")]), document("b", implied=[system("shop", "b")]))
    catalogue.take("git", reading(*both))
    catalogue.take("folder", reading())
    assert published[-1] == {"system:default/shop": system("shop", "a")}
    catalogue.take("folder", reading(document("c", system("shop", "declared"))))
    assert published[-1] == {"system:default/shop": system("shop", "declared")}
    assert not [problem for _, problems in catalogue.sources() for problem in problems]


def test_one_document_from_two_sources_is_one(start: Start, published: Published) -> None:
    """A registered document in a repository that is looked at anyway is no conflict."""
    catalogue = start()
    catalogue.take("git", reading(document("a", component("a"))))
    catalogue.take("folder", reading(document("a", component("a"))))
    assert set(published[-1]) == {"component:default/a"}
    assert not [problem for _, problems in catalogue.sources() for problem in problems]


def test_a_withdrawn_document_counts_nowhere(start: Start, published: Published, memory: CatalogMemory) -> None:
    """Whichever source has it, its entities and its problems are gone, and the next one with the name may have it."""
    catalogue = start()
    catalogue.take("git", reading(document("a", component("a")), document("b", component("a", "web")), wrong("c")))
    catalogue.take("folder", reading())
    assert [each.origin.file for each in catalogue.declaring("component:default/a")] == ["a", "b"]
    catalogue.take("folder", SourceReading((), withdrawn=frozenset({"url:a", "url:c"})))
    assert published[-1] == {"component:default/a": component("a", "web")}
    assert [each.origin.file for each in catalogue.declaring("component:default/a")] == ["b"]
    assert not [problem for _, problems in catalogue.sources() for problem in problems]


def test_a_withdrawal_lasts_as_long_as_its_document(start: Start, memory: CatalogMemory) -> None:
    """What comes later at the place of a document that is gone is another document."""
    memory.withdraw(["url:a", "url:b"], caller="ann")
    memory.withdraw(["url:a"], caller="ben")
    catalogue = start()
    catalogue.take("folder", SourceReading((), withdrawn=memory.withdrawals()))
    assert memory.withdrawals() == {"url:a", "url:b"}, "before all sources have answered nothing is known to be gone"
    catalogue.take("git", reading(document("a", component("a"))))
    assert memory.withdrawals() == {"url:a"}


def test_only_what_is_different_is_published(memory: CatalogMemory, clock: Clock) -> None:
    """A change of one document is that of its entities, and one that is gone says so."""
    told: list[Mapping[str, JsonObject | None]] = []
    catalogue = Catalogue([("git", "git")], memory, told.append, clock)
    a, b = document("a", component("a")), document("b", component("b"))
    catalogue.take("git", reading(a, b))
    catalogue.take("git", reading(a, document("b", component("b", "web"))))
    catalogue.take("git", reading(document("a", component("a")), document("b", component("b", "web"))))
    catalogue.take("git", reading(a))
    assert told == [
        {"component:default/a": component("a"), "component:default/b": component("b")},
        {"component:default/b": component("b", "web")},
        {"component:default/b": None},
    ]


def test_the_catalog_is_not_ready_before_it_is_published(memory: CatalogMemory, clock: Clock) -> None:
    """Who asks while the first one is put together waits for it, and is not given an empty one."""
    asked: list[dict[str, str]] = []
    catalogue = Catalogue([("git", "git")], memory, lambda _: asked.append(catalogue.not_ready()), clock)
    catalogue.take("git", reading(document("a", component("a"))))
    assert asked == [{"all": "what they gave is being put together"}]
    assert not catalogue.not_ready()


def test_a_document_that_was_given_twice_and_is_once_stays(start: Start, published: Published) -> None:
    """A host that changes while it lists may list a repository on two pages."""
    catalogue = start()
    catalogue.take("folder", reading())
    a, b = document("a", component("a")), document("b", component("b"))
    catalogue.take("git", reading(a, b, a))
    catalogue.take("git", reading(a, b))
    assert set(published[-1]) == {"component:default/a", "component:default/b"}
