"""Label and field selectors."""

from __future__ import annotations

import pytest

from greenroom.local.cluster.errors import StatusError
from greenroom.local.cluster.resources import PODS
from greenroom.local.cluster.selectors import match_selector, parse_fields, parse_labels, selector_text

_LABELS = {"app": "order-api", "tier": "web"}
_POD = {"metadata": {"name": "a", "namespace": "shop", "labels": _LABELS}, "status": {"phase": "Running"}}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("", True),
        ("app=order-api", True),
        ("app==order-api,tier=web", True),
        ("app!=order-api", False),
        ("other!=x", True),
        ("app in (a, order-api)", True),
        ("app notin (order-api),tier", False),
        ("tier", True),
        ("!tier", False),
        ("!other, app in (order-api)", True),
    ],
)
def test_label_selectors(text: str, *, matches: bool) -> None:
    """Every form that a query may have."""
    assert parse_labels(text)(_POD) is matches


@pytest.mark.parametrize("text", ["app in order-api", "a=b=c", "app in (a", "(x)"])
def test_text_that_is_no_selector_is_refused(text: str) -> None:
    """With 400, naming what could not be understood."""
    with pytest.raises(StatusError, match="unable to parse requirement") as caught:
        parse_labels(text)
    assert caught.value.code == 400


def test_field_selectors() -> None:
    """Fields of the object, equal or not; fields that cannot be selected by are refused."""
    assert parse_fields("status.phase=Running,metadata.name!=b", PODS)(_POD)
    assert not parse_fields("metadata.namespace=other", PODS)(_POD)
    with pytest.raises(StatusError, match=r'field label not supported: "spec\.secret"'):
        parse_fields("spec.secret=x", PODS)


def test_structured_selectors_match_and_have_a_text() -> None:
    """The selector of a workload, and the text that its scale carries."""
    expression = {"key": "tier", "operator": "In", "values": ["web", "api"]}
    selector = {"matchLabels": {"app": "order-api"}, "matchExpressions": [expression]}
    assert match_selector(selector, _LABELS)
    assert not match_selector(selector, {"app": "order-api"})
    assert not match_selector(None, _LABELS)
    assert selector_text(selector) == "app=order-api,tier in (web,api)"
    assert parse_labels(selector_text(selector))(_POD)
