"""The errors that users may see.

Each class is one HTTP status and one of Backstage's error names (`@backstage/errors`), so that a
Python service answers as a Backstage plugin would. A message names the place; `remedy` says what to
do next. Neither ever holds a secret or a stack trace.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from foundation.jsontypes import JsonObject


@dataclass(frozen=True)
class Problem:
    """One finding in a document, placed so that an editor can jump to it.

    `line` and `column` count from 1; 0 means the document as a whole. `page` is the address of what explains the field,
    empty where there is none.
    """

    file: str
    line: int
    column: int
    message: str
    remedy: str = ""
    page: str = ""

    def as_json(self) -> JsonObject:
        """As answers carry it."""
        return dataclasses.asdict(self)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}{' ' + self.remedy if self.remedy else ''}"


class GreenroomError(Exception):
    """Base of every error that is meant for users."""

    status: ClassVar[int] = 500
    name: ClassVar[str] = "Error"

    def __init__(self, message: str, *, remedy: str | None = None, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.problems = tuple(problems)

    def __str__(self) -> str:
        lines = [self.message if not self.remedy else f"{self.message} {self.remedy}"]
        return "\n".join([*lines, *map(str, self.problems)])


class InputError(GreenroomError, ValueError):
    """What the caller sent is wrong, and sending it again will not help."""

    status = 400
    name = "InputError"


class AuthenticationError(GreenroomError):
    """Who is calling could not be established."""

    status = 401
    name = "AuthenticationError"


class NotAllowedError(GreenroomError):
    """The caller is known, and may not do this."""

    status = 403
    name = "NotAllowedError"


class NotFoundError(GreenroomError, LookupError):
    """What was asked for does not exist."""

    status = 404
    name = "NotFoundError"


class ConflictError(GreenroomError):
    """What was asked for contradicts what stands."""

    status = 409
    name = "ConflictError"


class GoneError(GreenroomError):
    """It was there and is no more, such as an expired version; start over."""

    status = 410
    name = "GoneError"


class PayloadTooLargeError(GreenroomError, ValueError):
    """What the caller sent is over a limit, which the message names."""

    status = 413
    name = "PayloadTooLargeError"


class ServiceUnavailableError(GreenroomError):
    """A part that this depends on does not answer; trying again later may help."""

    status = 503
    name = "ServiceUnavailableError"
