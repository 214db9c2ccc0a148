"""The published schema: valid, complete, and of one mind with the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest
import yaml
from jsonschema import Draft202012Validator

from foundation.service import find_release, load_service, releases, service_schema
from foundation.service.pointers import resolved
from foundation.settings import PlatformSettings

SCHEMA = cast("dict[str, Any]", service_schema())


def fields(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field of the schema with its dotted path."""
    for name, field in schema.get("properties", {}).items():
        yield f"{path}{name}", field
        yield from fields(field, f"{path}{name}.")
        yield from fields(field.get("items", {}), f"{path}{name}[].")
        if isinstance(field.get("additionalProperties"), dict):
            yield from fields(field["additionalProperties"], f"{path}{name}.*.")
    for name, definition in schema.get("$defs", {}).items():
        yield from fields(definition, f"{name}.")


def test_is_json_schema_2020_12() -> None:
    """Editors can use it."""
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("path", "field"), fields(SCHEMA))
def test_every_field_is_described_with_examples(path: str, field: dict[str, Any]) -> None:
    """A reader of the reference page sees what each field is for, and a value that is accepted."""
    assert field["description"].endswith(".")
    whole = resolved(SCHEMA, field)
    if "properties" in whole and path != "spec.overrides":
        return
    assert whole["examples"]
    # The field among all others, so that references lead somewhere.
    validator = Draft202012Validator(SCHEMA).evolve(schema=whole)
    for example in whole["examples"]:
        assert not list(validator.iter_errors(example))
    if "default" in whole:
        assert not list(validator.iter_errors(whole["default"]))


def test_patterns_and_kinds_say_what_they_ask_for() -> None:
    """An error about a pattern, a kind or a choice can say in words what belongs there."""

    def walk(schema: object) -> Iterator[dict[str, Any]]:
        if isinstance(schema, dict):
            if "type" in schema and not isinstance(schema["type"], dict):
                yield schema
            for each in schema.values():
                yield from walk(each)

    assert [each for each in walk(SCHEMA["properties"]) if "x-is" not in each] == []
    assert [each for each in walk(SCHEMA["$defs"]) if "x-is" not in each] == []


def test_accepts_what_the_reader_accepts(order_api: str) -> None:
    """The sample is valid by the schema alone."""
    Draft202012Validator(SCHEMA).validate(yaml.safe_load(order_api))
    assert load_service(order_api, "service.yaml", PlatformSettings())


def test_names_the_group_of_the_platform() -> None:
    """`apiVersion` and the schema's own address follow the setting."""
    schema = cast("dict[str, Any]", service_schema(PlatformSettings(api_group="platform.acme.io")))
    assert schema["properties"]["apiVersion"]["const"] == "platform.acme.io/v1"
    assert "platform.acme.io" in schema["$id"]


def test_sizes_and_releases_are_the_table_s() -> None:
    """The schema offers what the newest release has, the defaults among it."""
    spec = SCHEMA["properties"]["spec"]["properties"]
    newest = find_release(None)
    for name, sizes in (("cpu", newest.cpu), ("memory", newest.memory)):
        field = spec["resources"]["properties"][name]
        assert field["anyOf"][0]["enum"] == list(sizes)
        assert field["default"] in sizes
    assert spec["platform"]["enum"] == list(releases())
    assert SCHEMA["$defs"]["dependency"]["properties"]["size"]["enum"] == list(newest.engines["postgresql"].sizes)
