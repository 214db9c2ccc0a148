"""Entity references, names and the envelope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.backstage.entities import EntityRef, entity, is_valid_name
from foundation.errors import InputError

WORD = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)


@given(kind=st.from_regex(r"[a-z][a-z0-9]{0,20}", fullmatch=True), namespace=WORD, name=WORD)
def test_a_reference_is_what_it_was_written_as(kind: str, namespace: str, name: str) -> None:
    """Formatting and parsing undo one another, in any case."""
    reference = EntityRef(kind, namespace, name)
    assert EntityRef.parse(str(reference)) == reference
    assert EntityRef.parse(str(reference).upper()) == reference


def test_what_is_left_out_has_a_default() -> None:
    """Namespace and kind may be implied, as in an entity's own fields."""
    assert str(EntityRef.parse("Component:Order-API")) == "component:default/order-api"
    assert str(EntityRef.parse("commerce", default_kind="Group")) == "group:default/commerce"
    assert str(EntityRef.parse("shop/commerce", default_kind="Group")) == "group:shop/commerce"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "order-api",
        ":x",
        "component:",
        "component:/x",
        "a:b:c",
        "component:a/b/c",
        "component:../x",
        "c:d/" + "x" * 64,
        "c:d/x\n",
        "c:d/ x",
        "x" * 10_000,
    ],
)
def test_what_is_no_reference(text: str) -> None:
    """Refused with an example of one."""
    with pytest.raises(InputError, match="component:default/order-api"):
        EntityRef.parse(text)


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        ("a", True),
        ("a.b_C-9", True),
        ("x" * 63, True),
        ("x" * 64, False),
        ("", False),
        ("-a", False),
        ("a-", False),
        ("a b", False),
    ],
)
def test_names(name: str, valid: bool) -> None:
    """Backstage's own rule."""
    assert is_valid_name(name) is valid


def test_the_envelope() -> None:
    """Both managed-by annotations are there, and nothing given is lost."""
    made = entity(
        "Component",
        "order-api",
        {"type": "service"},
        location="url:http://git/order-api",
        annotations={"backstage.io/kubernetes-id": "order-api"},
        metadata={"title": "Orders"},
    )
    assert made == {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "title": "Orders",
            "name": "order-api",
            "namespace": "default",
            "annotations": {
                "backstage.io/managed-by-location": "url:http://git/order-api",
                "backstage.io/managed-by-origin-location": "url:http://git/order-api",
                "backstage.io/kubernetes-id": "order-api",
            },
        },
        "spec": {"type": "service"},
    }
    assert str(EntityRef.of(made)) == "component:default/order-api"


def test_an_envelope_that_the_catalog_would_refuse() -> None:
    """Found out here, with what to do, and not in Backstage's log."""
    with pytest.raises(InputError, match="letters, digits"):
        entity("Component", "order api", {}, location="url:x")
    with pytest.raises(InputError):
        EntityRef.of({"kind": "Component"})
