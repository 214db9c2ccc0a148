"""Errors of the Kubernetes API, in the words and shape of a real server (a `Status` object)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.errors import GreenroomError
from greenroom.local.cluster.objects import Manifest


@dataclass(frozen=True)
class Cause:
    """One reason for a refusal: `field` is a path into the object that was sent."""

    reason: str
    message: str
    field: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


class StatusError(GreenroomError):
    """A request that the API server refuses; `body()` is what the client gets."""

    def __init__(self, code: int, reason: str, message: str, *, details: Manifest | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.details = details
        # Only an expired list token carries one: where to go on, inconsistently.
        self.continue_token: str | None = None

    def body(self) -> Manifest:
        metadata = {"continue": self.continue_token} if self.continue_token else {}
        body: Manifest = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": metadata,
            "status": "Failure",
            "message": self.message,
            **({"reason": self.reason} if self.reason else {}),
        }
        if self.details is not None:
            body["details"] = self.details
        return {**body, "code": self.code}


class ApplyConflictError(StatusError):
    """Another field manager owns what this one wants to set to something else."""


def qualified(plural: str, group: str) -> str:
    """`deployments.apps`, or `pods` for the core group: how messages name a resource."""
    return f"{plural}.{group}" if group else plural


def _named(name: str, group: str, kind: str) -> Manifest:
    return {"name": name, **({"group": group} if group else {}), "kind": kind}


def bad_request(message: str) -> StatusError:
    """The request makes no sense as it stands."""
    return StatusError(400, "BadRequest", message)


def unauthorized() -> StatusError:
    """The token is not one that this server gave out."""
    return StatusError(401, "Unauthorized", "Unauthorized")


def forbidden(plural: str, group: str, name: str, why: str) -> StatusError:
    """The caller may not do this, or the cluster's state does not allow it."""
    subject = qualified(plural, group) + (f' "{name}"' if name else "")
    details = {**({"name": name} if name else {}), **({"group": group} if group else {}), "kind": plural}
    return StatusError(403, "Forbidden", f"{subject} is forbidden: {why}", details=details)


def forbidden_path(verb: str, path: str) -> StatusError:
    """An anonymous caller asked for something outside the resources."""
    message = f'forbidden: User "system:anonymous" cannot {verb} path "{path}"'
    return StatusError(403, "Forbidden", message, details={})


def not_found(plural: str, group: str, name: str) -> StatusError:
    """No object of that name."""
    return StatusError(
        404, "NotFound", f'{qualified(plural, group)} "{name}" not found', details=_named(name, group, plural)
    )


def undefined(kind: str, version: str, fields: Sequence[str]) -> StatusError:
    """A strict client sent fields that the kind's definition does not have."""
    found = ", ".join(f'unknown field "{each}"' for each in fields)
    return bad_request(f'{kind} in version "{version}" cannot be handled as a {kind}: strict decoding error: {found}')


def undeclared(name: str, api_version: str, kind: str, fields: Sequence[str]) -> StatusError:
    """The same in an apply, which a real server answers whatever the client wants of validation, and as its own fault."""
    lines = [f".{each}: field not declared in schema" for each in fields]
    found = lines[0] if len(lines) == 1 else "errors:\n  " + "\n  ".join(lines)
    message = f"failed to create typed patch object ({name}; {api_version}, Kind={kind}): {found}"
    return StatusError(500, "", message)


def unknown_resource() -> StatusError:
    """The group is served, the resource in it is not."""
    message = "the server could not find the requested resource"
    return StatusError(404, "NotFound", message, details={})


def already_exists(plural: str, group: str, name: str) -> StatusError:
    """An object of that name stands already."""
    message = f'{qualified(plural, group)} "{name}" already exists'
    return StatusError(409, "AlreadyExists", message, details=_named(name, group, plural))


def modified(plural: str, group: str, name: str, why: str = "") -> StatusError:
    """The object changed since the caller read it."""
    why = why or "the object has been modified; please apply your changes to the latest version and try again"
    message = f'Operation cannot be fulfilled on {qualified(plural, group)} "{name}": {why}'
    return StatusError(409, "Conflict", message, details=_named(name, group, plural))


def expired(message: str) -> StatusError:
    """The version or list token is older than what is kept."""
    return StatusError(410, "Expired", message)


def unsupported_media_type(accepted: Sequence[str]) -> StatusError:
    """The body is in a form that is not read here."""
    message = "the body of the request was in an unknown format - accepted media types include: " + ", ".join(accepted)
    return StatusError(415, "UnsupportedMediaType", message)


def not_acceptable(offered: Sequence[str]) -> StatusError:
    """The client accepts none of the forms that are written here."""
    message = "only the following media types are accepted: " + ", ".join(offered)
    return StatusError(406, "NotAcceptable", message)


def method_not_allowed() -> StatusError:
    """The resource has no such verb."""
    message = "the server does not allow this method on the requested resource"
    return StatusError(405, "MethodNotAllowed", message, details={})


def too_large(limit: int) -> StatusError:
    """The body is over the limit, in bytes."""
    return StatusError(413, "RequestEntityTooLarge", f"Request entity too large: limit is {limit}")


def version_too_large(wanted: int, current: int) -> StatusError:
    """A list was asked to be at least as new as a version that does not exist yet."""
    cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
    message = f"Too large resource version: {wanted}, current: {current}"
    return StatusError(504, "Timeout", message, details={"causes": [cause], "retryAfterSeconds": 1})


def invalid(kind: str, group: str, name: str, causes: Sequence[Cause]) -> StatusError:
    """The object is well formed and wrong; every cause at once."""
    found = str(causes[0]) if len(causes) == 1 else f"[{', '.join(map(str, causes))}]"
    details = _named(name, group, kind)
    details["causes"] = [{"reason": each.reason, "message": each.message, "field": each.field} for each in causes]
    message = f'{qualified(kind, group)} "{name}" is invalid: {found}'
    return StatusError(422, "Invalid", message, details=details)
