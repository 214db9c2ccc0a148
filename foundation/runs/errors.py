"""How a run ends other than by its body's return."""

from __future__ import annotations

from foundation.errors import GreenroomError

# What users see of an error; a longer one is a dump, not a message.
LONGEST_MESSAGE = 4_000


class RunCancelledError(GreenroomError):
    """Someone asked for the run to end; the body lets it pass."""

    status = 409
    name = "RunCancelledError"


class RunInterrupted(BaseException):
    """The server is going down; the run stays as it is, and goes on when a server is up again.

    Like KeyboardInterrupt it is no error: no `except Exception` on the way may take it for a failure, so it is no Exception.
    """


def _every_error(base: type[GreenroomError]) -> dict[str, type[GreenroomError]]:
    found = {base.name: base}
    for child in base.__subclasses__():
        # The class nearest to the root stands for a name, so that a body can catch what it expects.
        found = _every_error(child) | found
    return found


def describe(error: Exception) -> dict[str, str | None]:
    """`{name, message, remedy}` of an error, fit for users: no stack trace, bounded.

    The text of an error that is not meant for users may hold anything, so only its class is named.
    """
    if isinstance(error, GreenroomError):
        message = "\n".join([error.message, *map(str, error.problems)])
        return {"name": error.name, "message": message[:LONGEST_MESSAGE], "remedy": error.remedy}
    return {
        "name": "Error",
        "message": f"The platform failed with {type(error).__name__}.",
        "remedy": "The server's log holds the details under the id of this run.",
    }


def rebuild(name: str, message: str, remedy: str | None) -> GreenroomError:
    """The error that `describe` described, as the class that carries its name."""
    return _every_error(GreenroomError).get(name, GreenroomError)(message, remedy=remedy)
