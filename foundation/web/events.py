"""Server-sent events, in the text form of the HTML standard."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

from foundation.jsontypes import JsonObject


@dataclass(frozen=True)
class ServerSentEvent:
    """One event of a stream; a client that reconnects sends the last `id` it saw."""

    event: str
    data: JsonObject
    id: str | None = None

    @cached_property
    def encoded(self) -> bytes:
        """The event as it is sent, made once for all streams that send it. JSON holds no line break."""
        data = json.dumps(self.data, separators=(",", ":"), ensure_ascii=False)
        lines = [f"event: {self.event}", f"data: {data}"]
        if self.id is not None:
            lines.insert(0, f"id: {self.id}")
        return ("\n".join(lines) + "\n\n").encode("utf-8", "replace")
