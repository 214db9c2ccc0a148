"""What an API server, or the way to it, can refuse; each is also the natural error of the house.

https://kubernetes.io/docs/reference/using-api/api-concepts/#responses says which status means what.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from foundation.errors import (
    ConflictError,
    GoneError,
    GreenroomError,
    InputError,
    NotFoundError,
    ServiceUnavailableError,
)
from foundation.jsontypes import JsonObject

# Characters of a server's own words that are passed on; an invalid object's list of causes can be long.
LONGEST_MESSAGE = 1000


class ClusterError(GreenroomError):
    """An API server did not do what it was asked.

    `code` is the HTTP status (0: no answer at all), `reason` the machine-readable word of the Status
    object, `retry_after` the seconds that the server asked to be left alone, `body` the Status object.
    """

    def __init__(
        self,
        message: str,
        *,
        remedy: str | None = None,
        code: int = 0,
        reason: str = "",
        retry_after: float | None = None,
        body: JsonObject | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.code = code
        self.reason = reason
        self.retry_after = retry_after
        self.body: JsonObject = body or {}


class ClusterUnreachableError(ClusterError, ServiceUnavailableError):
    """No answer, or one that says to come back later (429, 5xx)."""


class ClusterRefusedError(ClusterError, ServiceUnavailableError):
    """The cluster does not accept these credentials, or they may not do this (401, 403).

    It is the platform's account that was refused and not the caller, so it is no 401 to pass on.
    """


class ClusterNotFoundError(ClusterError, NotFoundError):
    """No such object, or no such kind (404)."""


class ClusterConflictError(ClusterError, ConflictError):
    """It exists, or someone else owns the fields (409)."""


class ClusterExpiredError(ClusterError, GoneError):
    """The version or the continue token is too old: list again (410)."""


class ClusterInvalidError(ClusterError, InputError):
    """The object or the request is wrong (other 4xx)."""


_KINDS: Mapping[int, tuple[type[ClusterError], str | None]] = {
    HTTPStatus.UNAUTHORIZED: (ClusterRefusedError, "Check the credentials in the cluster's kubeconfig."),
    HTTPStatus.FORBIDDEN: (ClusterRefusedError, "Grant the platform's account this right on the cluster."),
    HTTPStatus.NOT_FOUND: (ClusterNotFoundError, None),
    HTTPStatus.REQUEST_TIMEOUT: (ClusterUnreachableError, None),
    HTTPStatus.CONFLICT: (ClusterConflictError, None),
    HTTPStatus.GONE: (ClusterExpiredError, None),
    HTTPStatus.TOO_MANY_REQUESTS: (ClusterUnreachableError, None),
}


def error_of_answer(cluster: str, code: int, headers: Mapping[str, str], content: bytes) -> ClusterError:
    """The error that an answer with `code` 400 or above stands for; its body is a Status object, or any text."""
    try:
        status = json.loads(content)
    except (ValueError, RecursionError):
        status = None
    if not isinstance(status, dict):
        text = content[:LONGEST_MESSAGE].decode(errors="replace").strip()
        status = {"message": text} if text else {}
    return error_of_status(cluster, status, code=code, retry_after=_seconds(headers.get("Retry-After")))


def error_of_status(
    cluster: str, status: JsonObject, *, code: int | None = None, retry_after: float | None = None
) -> ClusterError:
    """The error that a Status object stands for, as an answer's body or inside a watch."""
    own_code = status.get("code")
    code = code if code is not None else own_code if isinstance(own_code, int) else 500
    details = status.get("details")
    if retry_after is None and isinstance(details, Mapping):
        asked = details.get("retryAfterSeconds")
        retry_after = float(asked) if isinstance(asked, int) and asked > 0 else None
    said = str(status.get("message") or f"status {code}")[:LONGEST_MESSAGE]
    kind, remedy = _kind(code)
    return kind(
        f"Cluster {cluster}: {said}",
        remedy=remedy,
        code=code,
        reason=str(status.get("reason") or ""),
        retry_after=retry_after,
        body=status,
    )


def _kind(code: int) -> tuple[type[ClusterError], str | None]:
    known = _KINDS.get(code)
    if known:
        return known
    is_fault = code >= HTTPStatus.INTERNAL_SERVER_ERROR
    return (ClusterUnreachableError if is_fault else ClusterInvalidError), None


def _seconds(retry_after: str | None) -> float | None:
    # The HTTP date form is left alone: API servers send seconds.
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else None
