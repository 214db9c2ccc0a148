"""Where a document stands, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from posixpath import dirname, normpath

DOCUMENTATION_FILES = ("mkdocs.yml", "mkdocs.yaml")
# The folders that record decisions in the tools of the trade: Backstage's ADR plugin, MADR, adr-tools, Log4brains.
DECISION_FOLDERS = ("docs/decisions", "docs/adr", "docs/adrs", "docs/architecture/decisions", "adr")
# Backstage's ADR plugin shows files of this form.
_DECISION = re.compile(r"[0-9]{4}-.+\.md")


@dataclass(frozen=True)
class Origin:
    """The place of one document.

    `location` is Backstage's form of it (`url:…` or `file:…`) and identifies the document; `source` is
    that of its folder. `file` is what people call it in messages, such as
    `commerce/order-api/service.yaml`. The two pages are None where the host has none.
    """

    file: str
    location: str
    source: str
    view_url: str | None = None
    edit_url: str | None = None
    repository_url: str | None = None

    def annotations(self) -> dict[str, str]:
        """What lets Backstage lead from the entity to the document."""
        pages = {"backstage.io/view-url": self.view_url, "backstage.io/edit-url": self.edit_url}
        return {"backstage.io/source-location": self.source} | {key: url for key, url in pages.items() if url}

    def managed_by(self) -> dict[str, str]:
        """The two annotations without which the catalog refuses an entity of a provider."""
        return {
            "backstage.io/managed-by-location": self.location,
            "backstage.io/managed-by-origin-location": self.location,
        }


class Surroundings:
    """The files beside a document, by paths relative to its folder."""

    def __init__(self, files: Collection[str], read: Callable[[str], bytes | None], document: str) -> None:
        self._files = frozenset(files)
        self._read = read
        self._folder = dirname(document)

    def path(self, relative: str) -> str:
        """The path in the repository."""
        return normpath(f"{self._folder}/{relative}" if self._folder else relative)

    def has(self, relative: str) -> bool:
        return self.path(relative) in self._files

    def read(self, relative: str) -> bytes | None:
        """The content of a file of the repository; None where there is none."""
        return self._read(self.path(relative)) if self.has(relative) else None

    def documentation(self, folder: str) -> str | None:
        """The TechDocs reference for a folder with `mkdocs.yml` or pages below `docs/`; None where there is neither."""
        pages = f"{self.path(folder + '/docs')}/"
        configured = any(self.has(f"{folder}/{name}") for name in DOCUMENTATION_FILES)
        if not configured and not any(file.startswith(pages) and file.endswith(".md") for file in self._files):
            return None
        relative = normpath(folder)
        return "dir:." if relative == "." else f"dir:./{relative}"

    def decisions(self, folder: str) -> str | None:
        """The folder of decision records, relative to the document; None where there is none."""
        for candidate in (normpath(f"{folder}/{each}") for each in DECISION_FOLDERS):
            below = self.path(candidate)
            if any(dirname(file) == below and _DECISION.fullmatch(file[len(below) + 1 :]) for file in self._files):
                return candidate
        return None
