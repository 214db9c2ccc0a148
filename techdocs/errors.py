"""What can be wrong with documentation, from its source to where it is published."""

from __future__ import annotations

from foundation.errors import GreenroomError, InputError, NotFoundError, ServiceUnavailableError


class ConfigurationError(InputError):
    """An mkdocs.yml that cannot be used; `problems` has every reason with its place."""


class SourceError(InputError):
    """A folder that cannot be built from: links that lead outside, or more than the bounds allow."""


class NothingToBuildError(NotFoundError):
    """A folder without documentation."""


class BuildFailedError(InputError):
    """MkDocs refused the documentation, or needed more than it may take."""


class BuildNotFoundError(NotFoundError):
    """A build that does not exist."""


class WorkerError(GreenroomError):
    """The building process ended without a word: our fault, or the machine's."""


class StorageError(ServiceUnavailableError):
    """The place that sites are published to does not take or give."""
