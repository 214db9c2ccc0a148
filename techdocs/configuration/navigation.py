"""The navigation: pages, titles and sections as plain data, in the form that MkDocs takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, TypeAlias

from foundation.jsontypes import Json
from foundation.yaml import Path
from techdocs.configuration.notes import Notes

KEY: Final = "nav"
# A menu that deep cannot be read any more.
DEEPEST: Final = 10
# The two ways in which the monorepo plugin of techdocs-core includes another mkdocs.yml.
INCLUDE: Final = "!include "
INCLUDE_ALL: Final = "*include "

# "page.md", {"Title": "page.md"} or {"Section": [items]}.
Item: TypeAlias = "str | dict[str, str | list[Item]]"
Navigation: TypeAlias = list[Item]


def read_navigation(value: Json, notes: Notes, path: Path = (KEY,)) -> Navigation:
    """The navigation in its plain form; what is malformed is a problem."""
    if not isinstance(value, list):
        notes.refuse(path, "must be a list of pages.", 'Write it as "- Title: page.md".')
        return []
    if len(path) > 2 * DEEPEST:
        notes.refuse(path, f"sections are nested deeper than {DEEPEST} levels.", "Flatten them.")
        return []
    items = [_item(item, notes, (*path, index)) for index, item in enumerate(value)]
    return [item for item in items if item is not None]


def _item(item: Json, notes: Notes, path: Path) -> Item | None:
    if isinstance(item, str):
        return item
    if isinstance(item, Mapping) and len(item) == 1:
        title, target = next(iter(item.items()))
        if isinstance(target, str):
            return {title: target}
        return {title: read_navigation(target, notes, (*path, title))}
    notes.refuse(path, 'must be a page, or one "Title: page.md".', "Check the indentation.")
    return None


def pages_of(navigation: Navigation) -> list[str]:
    """Every target of the navigation, in order."""
    pages: list[str] = []
    for item in navigation:
        target = item if isinstance(item, str) else next(iter(item.values()))
        pages.extend([target] if isinstance(target, str) else pages_of(target))
    return pages


def with_prefix(navigation: Navigation, prefix: str) -> Navigation:
    """The same navigation, of pages that stand below the folder `prefix`; addresses stay as they are."""

    def moved(target: str) -> str:
        return target if "://" in target else f"{prefix}/{target}"

    items: Navigation = []
    for item in navigation:
        if isinstance(item, str):
            items.append(moved(item))
            continue
        title, target = next(iter(item.items()))
        items.append({title: moved(target) if isinstance(target, str) else with_prefix(target, prefix)})
    return items


def automatic_navigation(pages: Sequence[str]) -> Navigation:
    """The navigation that MkDocs makes itself: by name, the index first, folders as sections after the pages."""
    here: list[str] = []
    folders: dict[str, list[str]] = {}
    for page in pages:
        head, slash, rest = page.partition("/")
        if slash:
            folders.setdefault(head, []).append(rest)
        else:
            here.append(head)
    here.sort(key=lambda name: (PurePosixPath(name).stem not in {"index", "README"}, name))
    navigation: Navigation = [*here]
    for folder in sorted(folders):
        navigation.append({section_title(folder): with_prefix(automatic_navigation(folders[folder]), folder)})
    return navigation


def section_title(folder: str) -> str:
    """The title that MkDocs gives to the section of a folder."""
    title = folder.replace("-", " ").replace("_", " ")
    return title.capitalize() if title.lower() == title else title
