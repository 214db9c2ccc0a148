"""Changing one value of a document without touching the rest of its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import InputError
from foundation.service.editing import with_value
from foundation.yaml import load_yaml

DOCUMENT = """\
# Everything that order-api needs.
kind: Service
metadata:
  name: order-api   # everywhere
spec:
    # Pinned by the platform's own change.
    platform: "2026.10"  # see the releases
    deployment:
        replicas: {min: 2, max: 4}
    environments: [staging]
"""


def changed(path: tuple[str, ...], value: str | int, text: str = DOCUMENT) -> list[str]:
    """The lines that are different afterwards."""
    before, after = text.splitlines(), with_value(text, "service.yaml", path, value).splitlines()
    return [line for line in after if line not in before]


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("spec", "platform"), "2026.11", '    platform: "2026.11"  # see the releases'),
        (("spec", "deployment", "replicas", "max"), 20, "        replicas: {min: 2, max: 20}"),
        (("metadata", "name"), "invoice-api", "  name: invoice-api   # everywhere"),
        (("spec", "resources", "memory"), "large", "      memory: large"),
        (("metadata", "team"), "commerce", "  team: commerce"),
    ],
)
def test_one_value_changes_and_comments_stay(path: tuple[str, ...], value: str | int, expected: str) -> None:
    """Of what was there nothing else is touched."""
    assert expected in changed(path, value)
    kept = [line for line in DOCUMENT.splitlines() if line in with_value(DOCUMENT, "s", path, value).splitlines()]
    assert len(kept) >= len(DOCUMENT.splitlines()) - 1


def test_what_cannot_be_changed_so_is_left_to_a_person() -> None:
    """A document in one line has no place for a new key."""
    with pytest.raises(InputError, match="platform cannot be changed by itself"):
        with_value("{kind: Service, spec: {port: 8080}}", "service.yaml", ("spec", "platform"), "2026.11")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20))
def test_any_text_becomes_just_that_value(value: str) -> None:
    """Quotes, colons and hashes in it mean nothing."""
    try:
        after = with_value(DOCUMENT, "service.yaml", ("spec", "platform"), value)
    except InputError:
        return
    assert load_yaml(after, "service.yaml").mapping["spec"]["platform"] == value
