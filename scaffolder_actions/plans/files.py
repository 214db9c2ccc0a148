"""Rendered files against those of the service's repository."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from foundation.jsontypes import Json
from foundation.service.generated import is_generated
from foundation.yaml import YamlError, load_yaml
from scaffolder_actions.plans.fields import differences
from scaffolder_actions.plans.model import Change, FieldChange, Verb
from scaffolder_actions.plans.standing import Standing, environment_of
from scaffolder_actions.workload.rendering import RenderedFile

KIND = "File"


def compare_files(
    rendered: Mapping[str, RenderedFile], standing: Standing, environments: Collection[str] | None = None
) -> list[Change]:
    """What writing `rendered` over what stands would do, by path.

    Generated files that are rendered no more go. A file that the platform did not make is not overwritten: the change
    says so in `blocked`. What is written once comes with the first rendering: a team that removed it later meant to. With
    `environments`, only their files are looked at.
    """
    begun = any(standing.generated)
    given = {path: file for path, file in rendered.items() if not (file.once and begun) or path in standing.paths}
    found = [_written(path, file, standing) for path, file in given.items()]
    found += [_change(path, standing, "delete") for path in standing.generated if path not in rendered]
    here = (each for each in found if environments is None or each.environment in environments)
    return sorted(here, key=lambda each: (each.environment, each.name))


def _written(path: str, file: RenderedFile, standing: Standing) -> Change:
    if file.once and path in standing.paths:
        return _change(path, standing, "keep")
    before = standing.texts.get(path)
    if before is None and path not in standing.paths:
        return _change(path, standing, "create")
    if before == file.text:
        return _change(path, standing, "keep")
    if before is None or not is_generated(before):
        return _change(path, standing, "update", blocked=f"{path} stands there, and Greenroom did not make it.")
    return _change(path, standing, "update", fields=list(_fields(before, file.text)))


def _change(
    path: str, standing: Standing, verb: Verb, *, fields: list[FieldChange] | None = None, blocked: str | None = None
) -> Change:
    return Change(
        where="repository",
        environment=environment_of(path),
        place=standing.place,
        kind=KIND,
        name=path,
        verb=verb,
        fields=fields or (),
        blocked=blocked,
    )


def _fields(before: str, after: str) -> Iterator[FieldChange]:
    """The fields that differ; none where the texts differ in nothing that YAML counts, or are no YAML."""
    first, second = _documents(before), _documents(after)
    if first is not None and second is not None:
        yield from differences(first, second)


def _documents(text: str) -> Json:
    """What a file says, its documents by kind and name where there are several; None where it is not YAML."""
    parts = [part for part in text.split("\n---\n") if part.strip()]
    try:
        values = [load_yaml(part, "file").value for part in parts]
    except YamlError:
        return None
    return values[0] if len(values) == 1 else {_title(value, place): value for place, value in enumerate(values)}


def _title(value: Json, place: int) -> str:
    if isinstance(value, Mapping) and isinstance(metadata := value.get("metadata"), Mapping):
        return f"{value.get('kind')} {metadata.get('name')}"
    return str(place)
