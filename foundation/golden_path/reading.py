"""Reading a golden path's folder: a plain cookiecutter beside a `golden-path.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from foundation.errors import Problem
from foundation.findings import schema_problems
from foundation.golden_path.errors import GoldenPathError
from foundation.golden_path.fields import field_problems, read_fields
from foundation.golden_path.folder import template_files, version_of
from foundation.golden_path.model import GoldenPath
from foundation.yaml import Document, YamlError, load_yaml

DESCRIPTION = "golden-path.yaml"
CONTEXT = "cookiecutter.json"
# Golden paths that are kept as they were read, a few KB each.
_MOST_LOADED = 100
# Jinja's own switches that change how a template looks, not what it may do.
_HARMLESS_SWITCHES = frozenset({"trim_blocks", "lstrip_blocks"})
# What of cookiecutter's private settings works here.
_PRIVATE = frozenset({"_copy_without_render", "_new_lines", "_jinja2_env_vars"})


def golden_path_folders(root: Path) -> list[Path]:
    """The folders below `root` that offer a golden path, sorted by name."""
    return sorted(each.parent for each in root.glob(f"*/{DESCRIPTION}"))


def load_golden_path(folder: Path) -> GoldenPath:
    """Read the golden path in `folder`; its name is the folder's.

    Raises GoldenPathError, whose `problems` have every reason why it cannot be used.
    """
    folder = folder.resolve()
    problems: list[Problem] = []
    files = _files(folder, problems)
    return _load(folder, version_of(folder, files), tuple(problems))


@lru_cache(_MOST_LOADED)
def _load(folder: Path, version: str, found: tuple[Problem, ...]) -> GoldenPath:
    """Read what `version` is the digest of, so that reading it once is enough."""
    problems = list(found)
    description = _document(folder, DESCRIPTION, problems)
    context = _document(folder, CONTEXT, problems)
    if description is not None:
        problems += schema_problems(description, _schema())
    if context is not None:
        problems += _context_problems(context)
    problems += _folder_problems(folder)
    if not problems and description and context:
        problems += field_problems(description, context)
    if problems or not description or not context:
        raise GoldenPathError(f"{folder.name} is not a golden path that can be used.", problems=problems)
    return _build(folder, description, context, version)


def _build(folder: Path, description: Document, context: Document, version: str) -> GoldenPath:
    data: Mapping[str, Any] = {
        **{name: each["default"] for name, each in _schema()["properties"].items() if "default" in each},
        **description.mapping,
    }
    return GoldenPath(
        name=folder.name,
        title=data["title"],
        description=data["description"],
        gives=tuple(data["gives"]),
        tags=tuple(data["tags"]),
        owner=data["owner"],
        type=data["type"],
        duration_minutes=data["durationMinutes"],
        fields=read_fields(data["fields"], context.mapping),
        folder=folder,
        version=version,
    )


@cache
def _schema() -> Mapping[str, Any]:
    text = resources.files(__package__).joinpath("golden-path.schema.yaml").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = yaml.safe_load(text)
    return schema


def _document(folder: Path, name: str, problems: list[Problem]) -> Document | None:
    """The file as a document (JSON is YAML), or None after saying why there is none."""
    place = f"{folder.name}/{name}"
    try:
        return load_yaml((folder / name).read_bytes(), place)
    except OSError as error:
        problems.append(Problem(place, 0, 0, f"cannot be read: {error.strerror}.", "Add the file."))
    except YamlError as error:
        problems.extend(error.problems)
    return None


def _context_problems(context: Document) -> Iterator[Problem]:
    if not context.mapping:
        yield context.problem((), "not an object of fields.", 'Write `{"name": "my-service"}`.')
        return
    for name, value in context.mapping.items():
        if name == "__prompts__":
            continue
        if name in {"template", "templates"}:
            yield context.problem(
                (name,), "nested templates are not offered.", "Make a golden path of each.", at_key=True
            )
        elif name.startswith("_") and not name.startswith("__") and name not in _PRIVATE:
            message = f"{name} has no effect or runs code of its own."
            yield context.problem((name,), message, "Remove it.", at_key=True)
        elif isinstance(value, Mapping) and not name.startswith("_"):
            yield context.problem((name,), f"{name}: a form has no nested fields.", "Make a field of each.")
        elif isinstance(value, Sequence) and not isinstance(value, str) and not value:
            yield context.problem((name,), f"{name}: a choice of nothing.", "Name the choices.")
    yield from _switch_problems(context, context.mapping.get("_jinja2_env_vars"))


def _switch_problems(context: Document, switches: object) -> Iterator[Problem]:
    # Others change what marks template code, which values are checked for.
    for name in switches if isinstance(switches, Mapping) else ():
        if name not in _HARMLESS_SWITCHES:
            path = ("_jinja2_env_vars", name)
            yield context.problem(path, f"{name} cannot be changed.", "Remove it.", at_key=True)


def _files(folder: Path, problems: list[Problem]) -> list[Path]:
    try:
        return template_files(folder)
    except GoldenPathError as error:
        problems.extend(error.problems)
    return []


def _folder_problems(folder: Path) -> Iterator[Problem]:
    if not folder.is_dir():
        return
    if (folder / "hooks").exists():
        remedy = "Do in the template what they do."
        yield Problem(f"{folder.name}/hooks", 0, 0, "hooks are never run.", remedy)
    roots = [
        each.name for each in folder.iterdir() if each.is_dir() and "{{" in each.name and "cookiecutter" in each.name
    ]
    if len(roots) != 1:
        found = "no folder" if not roots else "several folders"
        remedy = "Keep one, such as `{{cookiecutter.name}}`."
        yield Problem(folder.name, 0, 0, f"{found} to render.", remedy)
