"""Copies documentation to where it is built, within bounds and without following a link outside."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from techdocs.errors import SourceError


@dataclass(frozen=True)
class Bounds:
    """How much documentation one build takes."""

    # MkDocs keeps every page in memory and took 20 s for 108 of them.
    files: int = 5_000
    # Bytes. The Markdown parser is slower than linear on some texts, and nobody reads a page of 2 MiB.
    page: int = 2 * 1024 * 1024
    # Bytes. Backstage reads a file whole to serve it.
    file: int = 32 * 1024 * 1024
    # Bytes. All files together.
    total: int = 256 * 1024 * 1024


# What no site shows, and what would make a copy of a working folder large.
IGNORED = frozenset({".git", ".venv", "node_modules", "__pycache__"})


@dataclass
class Staging:
    """Copies folders of `root` to below `target`, counting what it copies over all of them."""

    root: Path
    target: Path
    bounds: Bounds = field(default_factory=Bounds)
    files: int = 0
    size: int = 0

    def __post_init__(self) -> None:
        self.root = self.root.resolve()

    def copy(self, folder: str, below: str = "") -> None:
        """Copy the folder `folder` of the root to `below` in the target.

        Raises SourceError for a link that leads outside of the root, and over the bounds.
        """
        start = self.root / folder
        for path, relative in self._walk(start, Path(), ()):
            self._count(path, path.stat().st_size)
            goal = self.target / below / relative
            goal.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, goal)

    def write(self, path: str, text: str) -> None:
        """Write a generated page to `path` in the target."""
        goal = self.target / path
        goal.parent.mkdir(parents=True, exist_ok=True)
        goal.write_text(text, encoding="utf-8")

    def has(self, path: str) -> bool:
        """Whether `path` stands in the target already."""
        return (self.target / path).exists()

    def pages(self) -> list[str]:
        """Every Markdown page in the target, sorted."""
        return sorted(path.relative_to(self.target).as_posix() for path in self.target.rglob("*.md"))

    def _walk(self, folder: Path, relative: Path, above: tuple[Path, ...]) -> Iterator[tuple[Path, Path]]:
        """Each regular file with its path below the start; links that stay inside are followed."""
        real = self._inside(folder)
        if real in above:
            raise SourceError(
                f"{self._name(folder)} is a link to a folder that it stands in.", remedy="Remove the link."
            )
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if entry.name not in IGNORED)
        for name in names:
            path = folder / name
            self._inside(path)
            if path.is_dir():
                yield from self._walk(path, relative / name, (*above, real))
            elif path.is_file():  # and not a pipe or a device, which could be read forever
                yield path, relative / name

    def _inside(self, path: Path) -> Path:
        real = path.resolve()
        if real.is_relative_to(self.root):
            return real
        raise SourceError(
            f"{self._name(path)} is a link that leads out of the repository.",
            remedy="Put the file itself in its place.",
        )

    def _count(self, path: Path, size: int) -> None:
        self.files += 1
        self.size += size
        largest = self.bounds.page if path.suffix.lower() == ".md" else self.bounds.file
        if size > largest:
            raise SourceError(
                f"{self._name(path)} has {size:,} bytes, over the limit of {largest:,}.", remedy="Split it."
            )
        if self.files > self.bounds.files:
            raise SourceError(
                f"The documentation has more than {self.bounds.files:,} files.", remedy="Is docs_dir the right folder?"
            )
        if self.size > self.bounds.total:
            raise SourceError(
                f"The documentation has more than {self.bounds.total:,} bytes.", remedy="Keep large files elsewhere."
            )

    def _name(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name
