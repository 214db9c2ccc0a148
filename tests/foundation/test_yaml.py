"""Users' YAML: what is read, where everything stands, and what is refused with which words."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.yaml import DEEPEST, MOST_PROBLEMS, YamlError, load_yaml


def problems_of(text: str | bytes) -> list[str]:
    with pytest.raises(YamlError) as caught:
        load_yaml(text, "f.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# nothing", None),
        ("a: 1", {"a": 1}),
        ("a: [1, 2.5, true, null, 'x']", {"a": [1, 2.5, True, None, "x"]}),
        ("country: no\nswitch: on", {"country": "no", "switch": "on"}),
        ("on: push\n1: one\ntrue: yes", {"on": "push", "1": "one", "true": "yes"}),
        ("at: 2026-11-22\ntime: 12:30", {"at": "2026-11-22", "time": "12:30"}),
        ("x: 0x1F\no: 0o17\nzero: 010\nneg: -7", {"x": 31, "o": 15, "zero": 10, "neg": -7}),
        ("a: '1'\nb: \"true\"", {"a": "1", "b": "true"}),
        ("text: |\n  two\n  lines\n", {"text": "two\nlines\n"}),
        (b"\xef\xbb\xbfa: \xc3\xa9", {"a": "é"}),
    ],
)
def test_reads_the_core_schema_of_yaml_1_2(text: str | bytes, value: object) -> None:
    """Words stay words, dates stay text, keys are text as written."""
    assert load_yaml(text, "f.yaml").value == value


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(_json)
def test_any_json_document_reads_as_itself(value: object) -> None:
    """JSON is YAML: what `json` writes comes back the same."""
    text = json.dumps(value, ensure_ascii=False)
    assert load_yaml(text, "f.json").value == json.loads(text)


def test_every_value_and_key_has_its_place() -> None:
    """Lines and columns count from 1; a path that is not there has the place of what is around it."""
    document = load_yaml("a:\n  - b: x\n    c: {d: 1}\n", "f.yaml")
    assert document.position(("a", 0, "b")) == (2, 8)
    assert document.key_position(("a", 0, "c")) == (3, 5)
    assert document.position(("a", 0, "c", "d")) == (3, 12)
    assert document.position(("a", 0, "missing", "x")) == (2, 5)
    assert document.position(()) == (1, 1)
    assert str(document.problem(("a", 0, "b"), "wrong.", "Mend it.")) == "f.yaml:2:8: wrong. Mend it."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\nb: *x", ["f.yaml:1:4: anchors", "f.yaml:2:4: aliases"]),
        ("a: !!python/object/apply:os.system [id]", ["f.yaml:1:4: the tag"]),
        ("a: !ENV HOME", ["f.yaml:1:4: the tag !ENV"]),
        ("a: 1\nb: 2\na: 3", ['f.yaml:3:1: "a" stands here a second time, after line 1.']),
        ("<<: {a: 1}", ["f.yaml:1:1: merge keys"]),
        ("? [a]\n: b", ["f.yaml:1:3: a key must be text."]),
        ("*x : 1", ["f.yaml:1:1: aliases", "f.yaml:1:1: a key must be text."]),
        ("a: 1\n---\nb: 2", ["f.yaml:2:1: a second document"]),
        ("a: \0", ["f.yaml:1:4: the character U+0000"]),
        ("a: 1\nb: \ud800", ["f.yaml:2:4: the character U+D800"]),
        (b"a: 1\nb: \xff", ["f.yaml:2:4: not UTF-8"]),
        ("a: 1".encode("utf-16"), ["f.yaml:1:1: not UTF-8"]),
        ("a: " + "9" * 5000, ["f.yaml:1:4: 9999"]),
        ("a: 9223372036854775808", ["f.yaml:1:4: 9223372036854775808 is too large"]),
        ("a: .inf\nb: 1e999", ["f.yaml:1:4: .inf is not", "f.yaml:2:4: 1e999 is not"]),
        ("a: [1", ["f.yaml:2:1: not YAML"]),
        ("a:\n\tb: 1", ["f.yaml:2:1: not YAML"]),
        ("[" * 20_000, [f"f.yaml:1:{DEEPEST + 1}: nested deeper"]),
        ("{a: " * 20_000, [f"f.yaml:1:{4 * DEEPEST + 1}: nested deeper"]),
        ("- " * 20_000, [f"f.yaml:1:{2 * DEEPEST + 1}: nested deeper"]),
    ],
)
def test_refuses_what_is_dangerous_or_unclear(text: str | bytes, expected: list[str]) -> None:
    """Each finding is one line with its place; all that can be found in one reading are named."""
    found = problems_of(text)
    assert len(found) == len(expected)
    for line, start in zip(found, expected, strict=True):
        assert line.startswith(start)


def test_refuses_text_over_the_limit_before_reading_it() -> None:
    """The limit is in bytes and can be set by the caller; the message names it."""
    text = f"a: {'é' * 3000}"
    assert problems_of("x" * (1024 * 1024 + 1)) == ["f.yaml: larger than 1024 KiB. Is this the right file?"]
    assert load_yaml(text, "f.yaml", largest=8192).value
    with pytest.raises(YamlError, match="larger than 4 KiB"):
        load_yaml(text, "f.yaml", largest=4096)


def test_stops_at_many_values_and_at_many_problems() -> None:
    """Neither a million small values nor a million findings are collected."""
    assert "more than 200000 values" in problems_of("[" + "a," * 250_000 + "]")[0]
    found = problems_of("\n".join("- !x y" for _ in range(1000)))
    assert len(found) == MOST_PROBLEMS + 1
    assert "too many errors" in found[-1]


@given(st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    """No other error than YamlError leaves the reader."""
    with suppress(YamlError):
        load_yaml(text, "f.yaml")
