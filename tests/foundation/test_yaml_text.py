"""YAML that every reader reads back as what it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.yaml import load_yaml
from foundation.yaml_text import Quoted, as_yaml

# What some reader of YAML takes for a number, a truth, a date, nothing, or a sign.
_TRAPS = """
y n Y No ON off TRUE False null Null ~ . .5 1. 1_000 0b1 0o7 0x1f 0777 08 12e45 1e3 +1 -1 .inf -.Inf .nan 1:30 12:30:45
2026-11-26 2026-11-26T00:00:00Z << = - -- --- ... ? : , # & * ! | > % @ ` a:b a:_b a#b a,b [a {a 'a "a a'b a\\b -a ?a :a a: a- 0xA 0b 0o 1e 10m 512Mi 25% 1e5 9E 1.5Gi A::B ::a a:: 1::2
""".split()  # noqa: SIM905  a list of so many signs is unreadable
_FINE = frozenset({"a:b", "a:_b", "a#b", "a,b", "a-", "1e", "10m", "512Mi", "25%", "9E", "A::B"})
_scalars = (
    st.none() | st.booleans() | st.integers(1 - 2**63, 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
)
_texts = (
    st.sampled_from(
        [
            *_TRAPS,
            "",
            " ",
            " a",
            "a ",
            "a: b",
            "a #b",
            "a - b",
            "- a",
            "\n",
            "a\n",
            "\na",
            "a\n\n",
            "a \nb",
            "a\n\n  b\n",
        ]
    )
    | st.text(st.characters(codec="utf-8"), max_size=12)
    | st.lists(st.sampled_from(["a", "  b", "", "c: d", "# e", "\tf", "-", "'", "é", "x" * 90]), max_size=6).map(
        "\n".join
    )
)
_values = st.recursive(
    _scalars | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(_texts, _values, max_size=4))
def test_readers_of_1_1_and_of_1_2_read_back_what_was_written(value: dict[str, Any]) -> None:
    """PyYAML reads 1.1, our own reader 1.2; the same value gives the same text."""
    text = as_yaml(value)
    assert yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) == value  # noqa: S506  both are safe
    if value:
        assert load_yaml(text, "file").value == value
    assert as_yaml(json.loads(json.dumps(value))) == text


@pytest.mark.parametrize("text", [each for each in _TRAPS if each not in _FINE])
def test_what_another_reader_may_take_for_something_else_is_quoted(text: str) -> None:
    """Also what neither of the two readers above takes for it."""
    assert as_yaml({"key": text}).removeprefix("key: ")[0] in "'\""


def test_it_looks_as_people_write_it() -> None:
    """Plain words are plain, lists stand below their key, several lines are a block."""
    value: dict[str, Any] = {
        "apiVersion": "apps/v1",
        "metadata": {"name": "order-api", "labels": {"app.kubernetes.io/name": "order-api"}, "annotations": {}},
        "args": ["--verbose", "a b", ["x"], [], {"name": "p", "value": 8080}, {"list": [{"a": 1.5}]}],
        "run": "set -e\n\necho hi\n",
        "data": '{\n  "a": 1\n}',
        "none": None,
        "yes": True,
        "tag": Quoted("abc"),
    }
    assert (
        as_yaml(value)
        == """\
apiVersion: apps/v1
metadata:
  name: order-api
  labels:
    app.kubernetes.io/name: order-api
  annotations: {}
args:
- '--verbose'
- a b
- - x
- []
- name: p
  value: 8080
- list:
  - a: 1.5
run: |
  set -e

  echo hi
data: |-
  {
    "a": 1
  }
none: null
'yes': true
tag: 'abc'
"""
    )


def test_what_cannot_be_seen_is_escaped() -> None:
    """A line separator, and a character that JSON writes as two halves beside one that is invisible."""
    assert as_yaml({"a": "x\u2028", "b": "\U0001f600\x07"}) == 'a: "x\\u2028"\nb: "\\U0001f600\\u0007"\n'
