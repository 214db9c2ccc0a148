"""`!include` in a navigation: the site of another folder of the repository as a section of this one.

The monorepo plugin of techdocs-core does this too, but reads the other mkdocs.yml with a loader that runs
Python out of it, follows paths out of the repository, and writes where the other site's name says. So
includes are resolved here, by the same rules as everything else, and the plugin finds none left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final

from techdocs.configuration.document import parse_configuration
from techdocs.configuration.navigation import (
    INCLUDE,
    INCLUDE_ALL,
    Item,
    Navigation,
    automatic_navigation,
    pages_of,
    read_navigation,
    with_prefix,
)
from techdocs.configuration.notes import Notes
from techdocs.configuration.sanitising import DEFAULT_DOCS_FOLDER
from techdocs.configuration.values import inner_path
from techdocs.errors import SourceError
from techdocs.sources.staging import Staging

# Sites in one site; the largest monorepos have about a hundred services.
MOST_INCLUDES: Final = 200
_NOT_IN_FOLDER = re.compile(r"[^a-z0-9]+")
_FOLDER = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


def resolve_includes(navigation: Navigation, folder: str, staging: Staging) -> Navigation:
    """The navigation with every include replaced by the pages of the site it names, which are staged.

    `folder` is that of mkdocs.yml in the staging's root; includes are relative to it and stay inside.
    Raises ConfigurationError or SourceError for an include that cannot be used.
    """
    return _Includes(folder, staging).resolve(navigation)


class _Includes:
    def __init__(self, folder: str, staging: Staging) -> None:
        self._folder = folder
        self._staging = staging
        self._aliases: set[str] = set()

    def resolve(self, navigation: Navigation) -> Navigation:
        return [self._item(item) for item in navigation]

    def _item(self, item: Item) -> Item:
        if isinstance(item, str):
            if item.startswith((INCLUDE, INCLUDE_ALL)):
                raise SourceError(f'"{item[:120]}" has no title.', remedy=f"Write it as \"- Title: '{item[:120]}'\".")
            return item
        title, target = next(iter(item.items()))
        if not isinstance(target, str):
            return {title: self.resolve(target)}
        if target.startswith(INCLUDE):
            _, pages = self._include(target.removeprefix(INCLUDE).strip())
            return {title: pages}
        if target.startswith(INCLUDE_ALL):
            found = (self._include(path) for path in self._matching(target.removeprefix(INCLUDE_ALL).strip()))
            return {title: [{name: pages} for name, pages in found]}
        return item

    def _matching(self, pattern: str) -> Iterator[str]:
        base = self._staging.root / self._folder
        if inner_path(pattern) is None or not pattern.endswith((".yml", ".yaml")):
            raise SourceError(f'"{INCLUDE_ALL}{pattern[:120]}" does not match mkdocs.yml files of this repository.')
        for path in sorted(base.glob(pattern))[: MOST_INCLUDES + 1]:
            yield path.relative_to(base).as_posix()

    def _include(self, path: str) -> tuple[str, Navigation]:
        """The other site's name and its pages, which now stand below its alias."""
        inner = inner_path(path)
        file = self._staging.root / self._folder / (inner or "")
        if inner is None or file.suffix not in {".yml", ".yaml"} or not file.is_file():
            raise SourceError(
                f'"{INCLUDE}{path[:120]}" names no file of this repository.',
                remedy="Name an mkdocs.yml below this folder.",
            )
        if not file.resolve().is_relative_to(self._staging.root):
            raise SourceError(f"{inner} is a link that leads outside.", remedy="Put the file itself in its place.")
        document = parse_configuration(file.read_bytes(), inner)
        notes = Notes(document)
        source = document.value if isinstance(document.value, Mapping) else {}
        name = source.get("site_name")
        if not isinstance(name, str) or not name:
            notes.refuse((), "site_name is missing.", "The pages of this site stand below it.")
        docs = source.get("docs_dir", DEFAULT_DOCS_FOLDER)
        beside = PurePosixPath(self._folder, inner).parent
        pages_folder = (
            inner_path(str(beside / docs)) if isinstance(docs, str) and inner_path(docs) is not None else None
        )
        if pages_folder is None or not (self._staging.root / pages_folder).is_dir():
            notes.refuse(("docs_dir",), "there is no such folder of pages.", "Name it relative to this file.")
        menu = source.get("nav")
        pages = read_navigation(menu, notes) if menu is not None else None
        if any(page.startswith((INCLUDE, INCLUDE_ALL)) for page in pages_of(pages or [])):
            notes.refuse(("nav",), "an included site cannot include others.", "Include them in the first one.")
        notes.check()
        alias = self._alias(str(name))
        self._staging.copy(str(pages_folder), below=alias)
        if pages is None:
            below = (page.removeprefix(f"{alias}/") for page in self._staging.pages() if page.startswith(f"{alias}/"))
            pages = automatic_navigation(list(below))
        return str(name), with_prefix(pages, alias)

    def _alias(self, name: str) -> str:
        alias = name if _FOLDER.fullmatch(name) else _NOT_IN_FOLDER.sub("-", name.lower()).strip("-")
        if not alias or alias in self._aliases or self._staging.has(alias):
            raise SourceError(f'Two sites or folders are called "{name[:80]}".', remedy="Give each its own site_name.")
        if len(self._aliases) >= MOST_INCLUDES:
            raise SourceError(f"More than {MOST_INCLUDES} sites are included.", remedy="Build them on their own.")
        self._aliases.add(alias)
        return alias
