"""The strategy of Service documents: valid ones, with all that the form has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from foundation.service.pointers import resolved
from foundation.service.schema import service_schema
from tests.judges.documents import PLATFORM, Data, service_documents, service_of

ROOT = service_schema(PLATFORM)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(document=service_documents())
def test_every_document_is_valid(document: Data) -> None:
    """A property over documents that are refused would prove nothing."""
    assert service_of(document).name == document["metadata"]["name"]


def test_every_field_of_the_form_is_there() -> None:
    """A new field must be added to the strategy, or no property would ever see it."""
    missing = set(_fields(ROOT))

    @settings(max_examples=50, deadline=None, database=None, derandomize=False, phases=[Phase.generate])
    @given(document=service_documents())
    def look(document: Data) -> None:
        missing.difference_update(_given(ROOT, document))

    # All are seen in the first 100 to 300 documents. 1,500 without one mean that it is never made.
    for _ in range(30):
        if missing:
            look()
    assert missing == set()


def _fields(schema: Any, path: str = "") -> Iterator[str]:
    """Each field below `schema`, as `spec.ports[].name`; `*` stands for names that people choose."""
    for name, child in _children(schema).items():
        here = f"{path}.{name}".lstrip(".")
        yield here
        # An override has the fields of the spec, which are looked for there.
        if not path.endswith("overrides.*"):
            yield from _fields(child, here)


def _given(schema: Any, value: Any, path: str = "") -> Iterator[str]:
    children = _children(schema)
    each_value = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for key, each in each_value:
        name = "[]" if isinstance(value, list) else key if key in children else "*"
        if name in children:
            here = f"{path}.{name}".lstrip(".")
            yield here
            yield from _given(children[name], each, here)


def _children(schema: Any) -> dict[str, Any]:
    field = resolved(ROOT, schema)
    found = dict(field.get("properties", {}))
    if "items" in field:
        found["[]"] = field["items"]
    if isinstance(field.get("additionalProperties"), dict):
        found["*"] = field["additionalProperties"]
    return found
