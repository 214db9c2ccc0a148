"""What can go wrong in an action, in words for the person who called it."""

from __future__ import annotations

from foundation.errors import ConflictError, GreenroomError, InputError, PayloadTooLargeError, ServiceUnavailableError


class ArchiveError(InputError):
    """An archive that is damaged, or holds what a workspace may not hold; the message names the member."""


class ArchiveTooLargeError(PayloadTooLargeError):
    """An archive that unpacks to more than a workspace may have."""


class ActionInputError(InputError):
    """Input that does not fit an action's schema; the message names every fault."""


class UnknownEnvironmentError(InputError):
    """An environment that no cluster of the settings belongs to."""


class UnservedKindError(ConflictError):
    """A cluster lacks the extension that an object of the service needs."""


class NotConfirmedError(InputError):
    """Something that cannot be undone was asked for without the name of what it is done to."""


class CatalogUnavailableError(ServiceUnavailableError):
    """The catalog's provider did not answer."""


class RolloutError(GreenroomError):
    """What was deployed does not come up; the message says why in the cluster's own words."""

    status = 409
    name = "RolloutError"


class StackError(GreenroomError):
    """A stack at AWS that cannot become what is asked for; the message has the first reason in AWS' own words."""

    status = 409
    name = "StackError"
