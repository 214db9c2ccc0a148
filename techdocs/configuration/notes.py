"""Collects what a reader of a configuration leaves out and what it cannot accept, with the places."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.errors import Problem
from foundation.yaml import Document, Path
from techdocs.errors import ConfigurationError


class Notes:
    """Warnings go to the build log; problems end the build, all at once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.warnings: list[str] = []
        self.problems: list[Problem] = []

    def leave_out(self, path: Path, what: str, why: str) -> None:
        """Note that `what`, at `path`, is not used."""
        self.warnings.append(str(self._document.problem(path, f"{what} is left out: {why}.", at_key=True)))

    def refuse(self, path: Path, message: str, remedy: str = "") -> None:
        """Note that the value at `path` cannot be used, so that the build must stop."""
        self.problems.append(self._document.problem(path, message, remedy))

    def check(self) -> Sequence[str]:
        """The warnings; ConfigurationError when there was a problem."""
        if self.problems:
            raise ConfigurationError(f"{self._document.file} cannot be used.", problems=self.problems)
        return tuple(self.warnings)
