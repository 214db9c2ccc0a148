"""What the process that renders may not do, whatever a template brings it to.

Values carry no template code and templates run in Jinja's sandbox. This is the line behind those two: limits of
the operating system, and an audit hook (PEP 578) that stops Python itself from starting programs, opening
connections and writing anywhere but into the folder of the current rendering. A hook can never be taken out.
"""

from __future__ import annotations

import contextlib
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

# Bytes. Rendering the largest golden paths in use takes 60 MB; a loop that fills memory ends here.
MEMORY: Final = 512 * 1024 * 1024
# Bytes of one written file.
LARGEST_FILE: Final = 20 * 1024 * 1024
# Seconds of processor time for one rendering, which takes some 10 ms.
PROCESSOR_TIME: Final = 10
# A template, its includes, the file that is written, and room.
OPEN_FILES: Final = 128

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# Audit events whose first argument is a path that changes.
_CHANGES: Final = frozenset(
    {"os.mkdir", "os.remove", "os.rmdir", "os.rename", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"}
    | {"os.utime", "os.setxattr", "os.removexattr", "shutil.rmtree", "shutil.move"}
)
# Of these, the second argument is what comes to be.
_SECOND: Final = frozenset({"os.rename", "os.link", "os.symlink"})
# Links are refused wherever they would lead.
_NEVER: Final = frozenset({"os.link", "os.symlink", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn"})
_NEVER_FROM: Final = ("subprocess.", "socket.", "ctypes.", "pty.", "ftplib.", "smtplib.", "webbrowser.", "urllib.")


class ConfinementError(Exception):
    """Something was stopped that rendering never needs."""


class Confinement:
    """Holds this process to rendering from the moment `enforce` is called."""

    def __init__(self) -> None:
        self._folder: str | None = None

    def enforce(self) -> None:
        """Set the limits and the hook, both for good."""
        for name, limit in (
            ("RLIMIT_AS", MEMORY),
            ("RLIMIT_FSIZE", LARGEST_FILE),
            ("RLIMIT_NOFILE", OPEN_FILES),
            # No further processes. It does not hold for root, whom the hook stops.
            ("RLIMIT_NPROC", 0),
            ("RLIMIT_CORE", 0),
        ):
            # macOS knows some of them by name only.
            with contextlib.suppress(AttributeError, ValueError, OSError):
                resource.setrlimit(getattr(resource, name), (limit, limit))
        sys.addaudithook(self._audit)

    @contextlib.contextmanager
    def writing_into(self, folder: Path) -> Iterator[None]:
        """Allow writing below `folder`, and `PROCESSOR_TIME` more seconds of computing, for the time being."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + 1 + PROCESSOR_TIME
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        self._folder = str(folder.absolute())
        try:
            yield
        finally:
            self._folder = None

    def _audit(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "open":
            path, flags = arguments[0], arguments[2]
            if isinstance(flags, int) and flags & _WRITING:
                self._check(path)
        elif event in _NEVER or event.startswith(_NEVER_FROM):
            raise ConfinementError(f"{event} was stopped.")
        elif event in _CHANGES:
            self._check(arguments[0])
            if event in _SECOND:
                self._check(arguments[1])

    def _check(self, path: object) -> None:
        # A number is a file that is open already.
        if isinstance(path, int):
            return
        if self._folder is None or not isinstance(path, str | bytes | os.PathLike):
            raise ConfinementError("Writing was stopped.")
        # No link can be made in there, so the text of a path tells where it leads.
        place = os.path.abspath(os.fsdecode(path))  # noqa: PTH100  Path keeps `..`
        if place != self._folder and not place.startswith(self._folder + os.sep):
            raise ConfinementError("A path leads out of the folder of the service.")
