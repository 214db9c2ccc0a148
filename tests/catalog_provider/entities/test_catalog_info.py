from __future__ import annotations

from typing import Any

import pytest

from catalog_provider.entities.catalog_info import read_entities
from catalog_provider.errors import EntityDocumentError
from foundation.errors import Problem

from .samples import ORIGIN

COMPONENT = """\
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: {name}
  annotations:
    grafana/dashboard-selector: orders
spec:
  type: website
"""


def entities(text: str) -> Any:
    """The entities of a file."""
    return read_entities(text.encode(), ORIGIN)


def problems(text: str) -> list[Problem]:
    """What is wrong with a file."""
    with pytest.raises(EntityDocumentError) as refused:
        read_entities(text.encode(), ORIGIN)
    return list(refused.value.problems)


def test_entities_are_taken_as_they_are() -> None:
    """Nothing is added but where they come from."""
    first, second = entities(f"# Ours\n---\n{COMPONENT.format(name='a')}---\n{COMPONENT.format(name='b')}")
    assert (first["spec"], second["metadata"]["name"]) == ({"type": "website"}, "b")
    annotations = first["metadata"]["annotations"]
    assert annotations["grafana/dashboard-selector"] == "orders"
    assert annotations["backstage.io/managed-by-location"] == ORIGIN.location


def test_every_problem_of_every_document_has_its_line() -> None:
    """Lines count through the whole file, not within a document."""
    wrong_name = COMPONENT.format(name="'no good'")
    unknown_field = COMPONENT.format(name="fine") + "status: {}\n"
    found = problems(f"---\n{wrong_name}---\n{unknown_field}---\n- a list\n---\nkind: [\n")
    assert [each.line for each in found] == [5, 19, 21, 24]
    assert 'metadata.name: "no good" is not a name' in found[0].message
    assert '"status" is not a field' in found[1].message


def test_an_entity_stands_once_in_a_file() -> None:
    """A second one of the same reference would silently win or lose."""
    (found,) = problems(f"{COMPONENT.format(name='Web')}---\n{COMPONENT.format(name='web')}")
    assert (found.line, "twice" in found.message) == (13, True)


@pytest.mark.parametrize(
    "text",
    [
        b"\xff\xfe",
        b"a: &x 1\nb: *x\n",
        b"a: !!python/object:os.system x\n",
        b"[" * 5000,
        b"kind: Component\nkind: Component\n",
        b"---\n" * 2000,
        b"#" * (2 * 1024 * 1024),
    ],
)
def test_hostile_files_are_refused(text: bytes) -> None:
    """Bytes, aliases, tags, depth, duplicate keys, masses: a problem, and neither an error nor a wait."""
    with pytest.raises(EntityDocumentError) as refused:
        read_entities(text, ORIGIN)
    assert refused.value.problems


def test_an_empty_file_has_no_entities() -> None:
    """Nothing is wrong with saying nothing."""
    assert read_entities(b"# later\n---\n", ORIGIN) == []
