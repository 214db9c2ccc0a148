"""Sources and their problems as they are told over HTTP."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from catalog_provider.health.model import iso
from catalog_provider.sources.catalogue import SourceState
from foundation.errors import Problem
from foundation.jsontypes import Json, JsonObject


def problem_json(problem: Problem) -> JsonObject:
    """A finding in a document, as it is told."""
    return dataclasses.asdict(problem)


def source_json(state: SourceState, problems: Sequence[Problem]) -> JsonObject:
    """A source, with the number of entities that its documents have now."""
    said: dict[str, Json] = {"message": state.message, "lastGoodAt": iso(state.last_good_at)}
    good = [each.good for each in state.documents.values() if each.good]
    return {
        "name": state.name,
        "kind": state.kind,
        "state": state.state,
        **{key: value for key, value in said.items() if value},
        "entities": sum(len(each.declared) + len(each.implied) for each in good),
        "problems": [problem_json(each) for each in problems],
    }
