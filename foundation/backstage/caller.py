"""Who is calling, as established from a token."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from foundation.settings import Secret


@dataclass(frozen=True)
class Caller:
    """An authenticated caller.

    `subject` is a user entity reference, `plugin:<id>` for a Backstage plugin, or the subject of a static
    token. `user_ref` is the person on whose behalf the call is made, also where a plugin makes it; None
    where there is no person.
    """

    subject: str
    kind: Literal["user", "service"]
    user_ref: str | None = None
    # The person's own token, for asking Backstage what the person owns.
    user_token: Secret | None = field(default=None, repr=False, compare=False)
    # Seconds since the epoch; None where the token does not expire.
    expires_at: float | None = field(default=None, compare=False)
    # Whether the token came in the limited form, which Backstage gives out for reading alone.
    limited: bool = field(default=False, compare=False)
