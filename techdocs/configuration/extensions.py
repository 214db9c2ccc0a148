"""Markdown extensions: those that only shape text, with the options that only shape text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from foundation.jsontypes import Json
from foundation.yaml import Path
from techdocs.configuration.allowlist import (
    EMOJI,
    EMOJI_GENERATORS,
    EMOJI_INDEXES,
    EMOJI_OPTIONS,
    EXTENSIONS,
    PLANTUML,
    PLANTUML_OPTIONS,
    SLUGIFY_CASES,
    SNIPPETS,
)
from techdocs.configuration.notes import Notes

KEY: Final = "markdown_extensions"
# The table of contents by its short and its full name.
_CONTENTS: Final = frozenset({"toc", "markdown.extensions.toc"})

Options = dict[str, Json]


def allowed_extensions(value: Json, notes: Notes) -> dict[str, Options]:
    """Extension → options, in the order given.

    Some options hold names in place of functions: `emoji_index` and `emoji_generator` of emoji, and
    `slugify` of the table of contents (a letter case).
    """
    allowed: dict[str, Options] = {}
    for path, declared, options in _entries(value, notes):
        # The one name with a colon that Backstage lets through, since it means the same.
        name = SNIPPETS if declared == f"{SNIPPETS}:SnippetExtension" else declared
        if name not in EXTENSIONS:
            notes.leave_out(path, f'the extension "{declared[:80]}"', "TechDocs does not know it to be safe")
            continue
        allowed[name] = _options(name, options, path, notes)
    return allowed


def _entries(value: Json, notes: Notes) -> Iterator[tuple[Path, str, Mapping[str, Json]]]:
    """Each extension with its place, from MkDocs' three ways to write it."""
    items: list[tuple[Path, Json]] = []
    if isinstance(value, Mapping):
        items = [((KEY,), {name: options}) for name, options in value.items()]
    elif isinstance(value, list):
        items = [((KEY, index), item) for index, item in enumerate(value)]
    elif value is not None:
        notes.refuse((KEY,), "must be a list.")
    for path, item in items:
        if isinstance(item, str):
            yield path, item, {}
        elif isinstance(item, Mapping) and len(item) == 1:
            name, options = next(iter(item.items()))
            if options is None or isinstance(options, Mapping):
                yield (*path, name), name, options or {}
            else:
                notes.refuse((*path, name), f'the options of "{name[:80]}" must be a mapping.')
        else:
            notes.refuse(
                path, "must be the name of an extension, or one name with its options.", "Check the indentation."
            )


def _options(name: str, options: Mapping[str, Json], path: Path, notes: Notes) -> Options:
    if name == SNIPPETS:
        for option in options:
            notes.leave_out(
                (*path, option), f'the option "{option[:80]}"', "snippets are read from the repository only"
            )
        return {}
    kept: Options = {}
    for option, value in options.items():
        place = (*path, option)
        if name == PLANTUML and option not in PLANTUML_OPTIONS:
            notes.leave_out(place, f'the option "{option[:80]}"', "it names a program, a server or a file")
        elif name in _CONTENTS and option == "slugify":
            kept |= _slugify(value, place, notes)
        elif name == EMOJI:
            kept |= _emoji(option, value, place, notes)
        else:
            kept[option] = value
    return kept


def _slugify(value: Json, place: Path, notes: Notes) -> Options:
    words = value.get("kwds") if isinstance(value, Mapping) else None
    case = words.get("case", "none") if isinstance(words, Mapping) else "none"
    if (value is None or isinstance(words, Mapping)) and case in SLUGIFY_CASES:
        return {"slugify": case}
    notes.leave_out(place, 'the option "slugify"', "only pymdownx.slugs.slugify with a case is known to be safe")
    return {}


def _emoji(option: str, value: Json, place: Path, notes: Notes) -> Options:
    known = {"emoji_index": EMOJI_INDEXES, "emoji_generator": EMOJI_GENERATORS}
    if option in known:
        if isinstance(value, str) and value in known[option]:
            return {option: value}
        notes.leave_out(place, f'the option "{option}"', "only the functions of materialx.emoji are known to be safe")
        return {}
    if option == "options" and isinstance(value, Mapping):
        for name in value.keys() - EMOJI_OPTIONS:
            notes.leave_out((*place, name), f'the option "{name[:80]}"', "it names folders of the machine that builds")
        return {option: {name: each for name, each in value.items() if name in EMOJI_OPTIONS}}
    return {option: value}
