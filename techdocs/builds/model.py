"""Builds as runs: what a run is given, what it is called, and how the API shows it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from foundation.backstage.entities import EntityRef
from foundation.jsontypes import Json, JsonObject
from foundation.runs import Run

KIND: Final = "docs:build"


@dataclass(frozen=True)
class BuildOrder:
    """Build the documentation of `entity` from the place `location` as it is at `revision`."""

    entity: EntityRef
    place: str
    location: str
    revision: str

    def payload(self) -> JsonObject:
        """As the run keeps it."""
        return {
            "entityRef": str(self.entity),
            "place": self.place,
            "location": self.location,
            "revision": self.revision,
        }

    @classmethod
    def of(cls, payload: JsonObject) -> BuildOrder:
        """Read back from a run."""
        return cls(
            EntityRef.parse(str(payload["entityRef"])),
            str(payload["place"]),
            str(payload["location"]),
            str(payload["revision"]),
        )

    def run_id(self, attempt: int = 1) -> str:
        """The same for the same order, so that whoever asks for it again gets the run that there is.

        `attempt` counts the builds of a revision that was published, and then replaced by another.
        """
        text = "\0".join((str(self.entity), self.place, self.location, self.revision))
        digest = hashlib.sha256(text.encode()).hexdigest()[:20]
        return f"docs-{digest}" if attempt == 1 else f"docs-{digest}-{attempt}"


def build_of(run: Run) -> dict[str, Json]:
    """The run as the API shows it."""
    build: dict[str, Json] = {
        "id": run.id,
        "entityRef": run.payload["entityRef"],
        "revision": run.payload["revision"],
        "status": run.status,
        "error": None,
        "createdAt": run.created_at,
        "finishedAt": run.finished_at,
    }
    if run.error is not None:
        build["error"] = {"name": run.error.name, "message": run.error.message, "remedy": run.error.remedy}
    for name in ("pages", "files", "uploaded", "unchanged", "removed", "superseded"):
        if run.outputs.get(name) is not None:
            build[name] = run.outputs[name]
    return build
