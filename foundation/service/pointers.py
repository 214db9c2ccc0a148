"""References inside of a JSON Schema."""

from __future__ import annotations

from foundation.findings import Schema


def resolved(root: Schema, schema: Schema) -> Schema:
    """`schema` with what its `$ref` leads to; what stands beside the reference comes first."""
    pointer = schema.get("$ref")
    if pointer is None:
        return schema
    found = root
    for step in str(pointer).removeprefix("#/").split("/"):
        found = found[step]
    return {**resolved(root, found), **{key: value for key, value in schema.items() if key != "$ref"}}
