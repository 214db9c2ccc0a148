"""MkDocs plugins: those that Backstage lets through, with options that stay within the site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from foundation.jsontypes import Json
from foundation.yaml import Path
from techdocs.configuration.allowlist import CORE, CORE_OPTIONS, GROUPS, SEARCHES
from techdocs.configuration.notes import Notes
from techdocs.configuration.values import truth

KEY: Final = "plugins"
# Groups in groups: nobody needs a third level.
DEEPEST: Final = 3
_TARGET = re.compile(r"[^\s<>\"'{}]+")

Options = dict[str, Json]


def allowed_plugins(value: Json, notes: Notes) -> dict[str, Options]:
    """Plugin → options; `techdocs-core` is always there, and always first."""
    core: Options = {}
    redirects: dict[str, Json] = {}
    for path, name, options in _entries(value, (KEY,), notes):
        if name == CORE:
            core |= _core(options, path, notes)
        elif name == "material/search":
            core["use_material_search"] = True
        elif name == "redirects":
            redirects |= _redirects(options.get("redirect_maps"), (*path, "redirect_maps"), notes)
        elif name not in SEARCHES:
            notes.leave_out(path, f'the plugin "{name[:80]}"', "TechDocs does not run it")
    plugins: dict[str, Options] = {CORE: core}
    if redirects:
        plugins["redirects"] = {"redirect_maps": redirects}
    return plugins


def _entries(value: Json, place: Path, notes: Notes, depth: int = 0) -> Iterator[tuple[Path, str, Mapping[str, Json]]]:
    """Each plugin with its place; what stands in an enabled group comes as if it stood outside."""
    for path, item in _items(value, place, notes):
        if isinstance(item, str):
            yield path, item, {}
            continue
        if not isinstance(item, Mapping) or len(item) != 1:
            notes.refuse(path, "must be the name of a plugin, or one name with its options.", "Check the indentation.")
            continue
        name, options = next(iter(item.items()))
        where = (*path, name)
        if options is not None and not isinstance(options, Mapping):
            notes.refuse(where, f'the options of "{name[:80]}" must be a mapping.')
        elif name not in GROUPS:
            yield where, name, options or {}
        elif depth >= DEEPEST:
            notes.refuse(where, f"groups are nested deeper than {DEEPEST} levels.", "Flatten them.")
        elif options and truth(options.get("enabled")):
            yield from _entries(options.get("plugins"), (*where, "plugins"), notes, depth + 1)


def _items(value: Json, place: Path, notes: Notes) -> list[tuple[Path, Json]]:
    if isinstance(value, Mapping):
        return [(place, {name: options}) for name, options in value.items()]
    if isinstance(value, list):
        return [((*place, index), item) for index, item in enumerate(value)]
    if value is not None:
        notes.refuse(place, "must be a list.")
    return []


def _core(options: Mapping[str, Json], path: Path, notes: Notes) -> Options:
    kept: Options = {}
    for option, value in options.items():
        chosen = truth(value)
        if option not in CORE_OPTIONS:
            notes.leave_out((*path, option), f'the option "{option[:80]}"', f"{CORE} has no such option")
        elif chosen is None:
            notes.refuse((*path, option), "must be true or false.")
        else:
            kept[option] = chosen
    return kept


def _redirects(value: Json, path: Path, notes: Notes) -> dict[str, Json]:
    """Old page → new page or address. The plugin writes to the old path unchecked, so it is checked here."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        notes.refuse(path, "must map old pages to new ones.")
        return {}
    kept: dict[str, Json] = {}
    for old, new in value.items():
        page = PurePosixPath(old)
        within = not page.is_absolute() and ".." not in page.parts and "\\" not in old and "\0" not in old
        if not within or page.suffix != ".md":
            notes.leave_out((*path, old), f'the redirect from "{old[:80]}"', "it is not a page of this site")
        elif not isinstance(new, str) or not _TARGET.fullmatch(new):
            notes.leave_out(
                (*path, old), f'the redirect from "{old[:80]}"', "its target is neither a page nor an address"
            )
        else:
            kept[old] = new
    return kept
