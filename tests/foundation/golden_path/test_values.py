"""Values for a golden path: what is taken, and every one that is not, by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from foundation.golden_path import GoldenPath, ValuesError, load_golden_path, validate_values

Make = Callable[..., Path]


@pytest.fixture
def golden_path(make_golden_path: Make) -> GoldenPath:
    return load_golden_path(make_golden_path())


def problems_of(golden_path: GoldenPath, values: dict[str, object]) -> list[str]:
    with pytest.raises(ValuesError) as caught:
        validate_values(golden_path, values)
    return [problem.message for problem in caught.value.problems]


def test_fills_in_defaults_and_leaves_computed_ones_out(golden_path: GoldenPath) -> None:
    """What cookiecutter computes is left to it."""
    assert validate_values(golden_path, {"name": "abc"}) == {
        "name": "abc",
        "greeting": "Hello",
        "size": "small",
        "loud": False,
    }


@pytest.mark.parametrize("truth", [True, "true", "Yes"])
def test_takes_truth_as_people_write_it(golden_path: GoldenPath, truth: object) -> None:
    """A command has only words."""
    assert validate_values(golden_path, {"name": "abc", "loud": truth})["loud"] is True


def test_names_every_wrong_value_at_once(golden_path: GoldenPath) -> None:
    """Missing, unknown, of a wrong kind, and not one of the choices."""
    assert problems_of(golden_path, {"nam": "x", "greeting": 3, "size": "huge", "loud": "loudly"}) == [
        '"nam" is not a field of small.',
        "name is missing.",
        "greeting: 3 is not text.",
        'size: "huge" is not one of the choices.',
        'loud: "loudly" is not true or false.',
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Abc", 'name: "Abc" is not a word in lower case.'),
        ("abc\n", "name: line breaks"),
        ("../x", 'name: "../x" is not a word in lower case.'),
        ("/etc", 'name: "/etc" is not a word in lower case.'),
        ("a\0", "name: line breaks and other control characters cannot be used."),
        ("x" * 10_000_000, "name: 10000000 characters are more than 20."),
        ("", "name is missing."),
    ],
)
def test_refuses_names_that_do_not_fit(golden_path: GoldenPath, value: str, expected: str) -> None:
    """The pattern holds for the whole value."""
    assert problems_of(golden_path, {"name": value})[0].startswith(expected)


@pytest.mark.parametrize(
    "value",
    [
        '{{ cycler.__init__.__globals__.os.popen("id").read() }}',
        "{% set x = 1 %}",
        "{# a #}",
        "x{{",
        "\u2028",
        "\ud800",
        "x" * 1001,
    ],
)
def test_a_field_without_a_pattern_is_held_to_harmless_text(golden_path: GoldenPath, value: str) -> None:
    """Template code, control characters and documents are refused wherever they stand."""
    assert problems_of(golden_path, {"name": "abc", "greeting": value})[0].startswith("greeting: ")
