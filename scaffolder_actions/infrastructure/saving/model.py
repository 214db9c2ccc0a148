"""What was saved, and what is known while it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from scaffolder_actions.infrastructure.clients import AwsClients
from scaffolder_actions.infrastructure.events import Pause, Say

# Hexadecimal digits that keep two names apart which would look alike.
_DIGITS = 8
_NO_WORD = re.compile(r"[^a-z0-9]+")
_NO_PATH = re.compile(r"[^A-Za-z0-9._-]")


@dataclass(frozen=True)
class Saved:
    """What one resource held: the resource's logical id and type, where it lies now, and how many there are of it.

    `place` is the name of a snapshot, or an address `s3://…`. `items` is None for snapshots.
    """

    name: str
    type: str
    place: str
    items: int | None = None

    def __str__(self) -> str:
        what = "a snapshot" if self.items is None else f"{self.items} of its entries"
        return f"{self.name} ({self.type}): {what} at {self.place}"


@dataclass(frozen=True)
class Saving:
    """One saving: of which stack, under which mark, and with which tags on what costs money."""

    clients: AwsClients
    stack: str
    mark: str
    tags: Mapping[str, str]
    say: Say
    pause: Pause

    @property
    def folder(self) -> str:
        """Where the archive has it; a stack that somebody else made has no such tags, but a name."""
        place = [self.tags.get("environment"), self.tags.get("service")]
        first = [str(each) for each in place] if all(place) else [self.stack]
        return "/".join([*first, _NO_PATH.sub("-", self.mark)])

    def snapshot_name(self, resource: str, longest: int) -> str:
        """A name that AWS takes for a snapshot: letters, digits and single hyphens, at most `longest`."""
        return plain_name(f"{self.stack}-{resource}-{self.mark}", longest)


def plain_name(text: str, longest: int) -> str:
    """`text` in lower-case letters, digits and single hyphens; marked where that made it another."""
    plain = _NO_WORD.sub("-", text.lower()).strip("-")
    if plain == text.lower() and len(plain) <= longest:
        return plain
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
    return f"{plain[: longest - _DIGITS - 1].rstrip('-')}-{digest}"
