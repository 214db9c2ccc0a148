"""The Markdown pages of an API: an overview, a page for each tag, a page of schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from foundation.errors import GreenroomError
from foundation.jsontypes import Json
from techdocs.api_reference.document import load_document
from techdocs.api_reference.model import Api, Content, Field, Operation, Response, Shape
from techdocs.api_reference.reading import read_api
from techdocs.api_reference.schemas import anchor
from techdocs.configuration.navigation import Item
from techdocs.prose import code, inert, prose, sentence

OVERVIEW: Final = "index.md"
SCHEMAS: Final = "schemas.md"
# Characters of an example; more hides what it is an example of.
LONGEST_EXAMPLE: Final = 8_000
_NOT_IN_FILE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Pages:
    """Pages by their file name, the same in the order of a menu, and what to say in the build log."""

    files: dict[str, str]
    navigation: list[Item]
    warnings: tuple[str, ...] = ()


def api_pages(content: bytes, file: str) -> Pages:
    """The pages of the OpenAPI document `content`.

    A document that cannot be read becomes one page that says so: the rest of the site is not at fault.
    """
    try:
        api, warnings = read_api(load_document(content, file), schemas_page=SCHEMAS)
    except GreenroomError as error:
        return Pages(
            {OVERVIEW: _broken(error, file)}, [OVERVIEW], (f"{file}: the API reference cannot be made. {error}",)
        )
    names = _file_names(api)
    files = {OVERVIEW: "\n".join(_overview(api, names))}
    navigation: list[Item] = [{"Overview": OVERVIEW}]
    for tag, description in api.tags:
        files[names[tag]] = "\n".join(_tag_page(api, tag, description))
        navigation.append({tag: names[tag]})
    if api.schemas:
        files[SCHEMAS] = "\n".join(_schemas_page(api))
        navigation.append({"Schemas": SCHEMAS})
    return Pages(files, navigation, tuple(f"{file}: {warning}" for warning in warnings))


def _file_names(api: Api) -> dict[str, str]:
    names: dict[str, str] = {}
    taken = {OVERVIEW, SCHEMAS}
    for tag, _ in api.tags:
        base = _NOT_IN_FILE.sub("-", tag.lower()).strip("-")[:60] or "operations"
        name, number = f"{base}.md", 1
        while name in taken:
            number += 1
            name = f"{base}-{number}.md"
        taken.add(name)
        names[tag] = name
    return names


def _broken(error: GreenroomError, file: str) -> str:
    lines = ["# API", "", f"The API reference cannot be made: {code(file)} is wrong.", ""]
    lines += [f"- {inert(str(problem))}" for problem in error.problems] or [f"- {inert(str(error))}"]
    return "\n".join([*lines, "", "It appears here as soon as the file is mended.", ""])


def _overview(api: Api, names: dict[str, str]) -> Iterator[str]:
    yield f"# {inert(api.title)}"
    if api.version:
        yield f"\nVersion {code(api.version)}"
    yield f"\n{prose(api.description)}\n"
    if api.servers:
        yield "\n## Servers\n"
        yield from (f"- {code(address)}{' ' + sentence(words) if words else ''}" for address, words in api.servers)
    if api.security:
        yield "\n## Authentication\n"
        yield from (f"- **{inert(each.name)}**: {each.how} {sentence(each.description)}" for each in api.security)
    for tag, description in api.tags:
        yield f"\n## {inert(tag)}\n\n{prose(description)}\n"
        rows = [
            [f"[{code(f'{each.method} {each.path}')}]({names[tag]}#{each.anchor})", _title(each)]
            for each in api.operations
            if each.tag == tag
        ]
        yield from _table(["Operation", "What it does"], rows)


def _title(operation: Operation) -> str:
    first = operation.summary or operation.description.strip().partition("\n")[0]
    return f"{sentence(first)}{' (deprecated)' if operation.deprecated else ''}"


def _tag_page(api: Api, tag: str, description: str) -> Iterator[str]:
    yield f"# {inert(tag)}\n\n{prose(description)}\n"
    for operation in api.operations:
        if operation.tag == tag:
            yield from _operation(operation)


def _operation(operation: Operation) -> Iterator[str]:
    heading = inert(operation.summary) or f"{operation.method} {inert(operation.path)}"
    yield f"\n## {heading} {{ #{operation.anchor} }}\n"
    yield f"{code(f'{operation.method} {operation.path}')}\n"
    if operation.deprecated:
        yield "**Deprecated.**\n"
    yield f"{prose(operation.description)}\n"
    if operation.security:
        yield f"Needs {' or '.join(operation.security)}.\n"
    if operation.parameters:
        yield f"\n### Parameters {{ #{operation.anchor}-parameters }}\n"
        yield from _parameters(operation.parameters)
    if operation.body:
        yield f"\n### Request {{ #{operation.anchor}-request }}\n"
        if operation.body_required:
            yield "A body is required.\n"
        yield f"{prose(operation.body_description)}\n"
        yield from _contents(operation.body)
    if operation.responses:
        yield f"\n### Responses {{ #{operation.anchor}-responses }}\n"
        for response in operation.responses:
            yield from _response(response)


def _response(response: Response) -> Iterator[str]:
    yield f"\n**{inert(response.status)}** {sentence(response.description)}\n"
    if response.headers:
        yield from _table(["Header", "Type", "Description"], [_cells(each) for each in response.headers])
    yield from _contents(response.contents)


def _contents(contents: Sequence[Content]) -> Iterator[str]:
    for content in contents:
        yield f"\n{code(content.media_type)}: {content.shape.type}\n"
        yield from _shape(content.shape)


def _shape(shape: Shape) -> Iterator[str]:
    if shape.description:
        yield f"{prose(shape.description)}\n"
    if shape.fields:
        yield from _fields(shape.fields)
    yield from _example(shape.example)


def _schemas_page(api: Api) -> Iterator[str]:
    yield "# Schemas\n"
    for name, shape in api.schemas:
        yield f"\n## {inert(name)} {{ #{anchor(name)} }}\n\n{shape.type}\n"
        yield from _shape(shape)


def _parameters(fields: Sequence[Field]) -> Iterator[str]:
    rows = [[_name(each), inert(each.place), each.type, _words(each)] for each in fields]
    yield from _table(["Name", "In", "Type", "Description"], rows)


def _fields(fields: Sequence[Field]) -> Iterator[str]:
    yield from _table(["Field", "Type", "Description"], [_cells(each) for each in fields])


def _cells(field: Field) -> list[str]:
    return [_name(field), field.type, _words(field)]


def _name(field: Field) -> str:
    return f"{code(field.name)}{' (required)' if field.required else ''}"


def _words(field: Field) -> str:
    notes = f"{field.notes[:1].upper()}{field.notes[1:]}." if field.notes else ""
    return " ".join(part for part in (sentence(field.description), notes) if part)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"\n| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        # An empty first cell would end the table.
        yield f"| {' | '.join(cell or '&nbsp;' for cell in row)} |"
    yield ""


def _example(value: Json) -> Iterator[str]:
    if value is None:
        return
    shown = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    if len(shown) > LONGEST_EXAMPLE:
        shown = f"{shown[:LONGEST_EXAMPLE]}\n…"
    yield f"\n```json\n{shown}\n```\n"
