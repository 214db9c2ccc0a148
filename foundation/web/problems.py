"""The one place where an exception becomes an answer: problem details (RFC 9457) with Backstage's error inside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import structlog
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from foundation.errors import (
    AuthenticationError,
    ConflictError,
    GoneError,
    GreenroomError,
    InputError,
    NotAllowedError,
    NotFoundError,
    PayloadTooLargeError,
    Problem,
    ServiceUnavailableError,
)
from foundation.jsontypes import Json
from foundation.web.exchange import exchange_of

log = structlog.get_logger("web")

# Seconds. What is unavailable here comes back by itself within a few: a source's first answer, Backstage's keys.
RETRY_AFTER = "5"
# Backstage's names (`@backstage/errors`), and names in their manner where it has none.
NAMES: Mapping[int, str] = {
    kind.status: kind.name
    for kind in (
        InputError,
        AuthenticationError,
        NotAllowedError,
        NotFoundError,
        ConflictError,
        GoneError,
        PayloadTooLargeError,
        ServiceUnavailableError,
    )
} | {
    405: "MethodNotAllowedError",
    406: "NotAcceptableError",
    415: "UnsupportedMediaTypeError",
    501: "NotImplementedError",
}


class ClientDisconnect(Exception):  # noqa: N818  # an event, not a mistake
    """The caller left before its request was read."""


@dataclass(frozen=True)
class Answer:
    """What the caller is told about an exception."""

    status: int
    name: str
    detail: str
    remedy: str | None = None
    problems: tuple[Problem, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def answer_to(error: Exception) -> Answer:
    """What to tell the caller: everything about an error that is meant for users, nothing about any other."""
    if isinstance(error, GreenroomError):
        return Answer(error.status, error.name, error.message, error.remedy, error.problems, _headers_of(error.status))
    if isinstance(error, HTTPException):
        name = NAMES.get(error.status_code, "Error")
        headers = dict(error.headers or {})
        detail = error.detail or HTTPStatus(error.status_code).phrase
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED and headers.get("Allow"):
            detail = f"Use {headers['Allow']} here."
        return Answer(error.status_code, name, detail, headers=headers)
    remedy = "Give the platform team the request id; its log has the cause."
    return Answer(500, "Error", "Something went wrong inside the server.", remedy)


def _headers_of(status: int) -> Mapping[str, str]:
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    if status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        return {"Retry-After": RETRY_AFTER}
    return {}


def problem_document(answer: Answer, scope: Scope) -> dict[str, Json]:
    """The body of an error: problem details, and what Backstage's ResponseError reads."""
    document: dict[str, Json] = {
        "type": "about:blank",
        "title": HTTPStatus(answer.status).phrase,
        "status": answer.status,
        "detail": answer.detail,
        "instance": scope["path"],
        "requestId": exchange_of(scope).request_id,
    }
    if answer.remedy:
        document["remedy"] = answer.remedy
    if answer.problems:
        document["problems"] = [problem.as_json() for problem in answer.problems]
    message = answer.detail if not answer.remedy else f"{answer.detail} {answer.remedy}"
    document["error"] = {"name": answer.name, "message": message}
    document["response"] = {"statusCode": answer.status}
    return document


def problem_response(answer: Answer, scope: Scope) -> Response:
    """The response; below `/.backstage/` as plain JSON, for there Backstage's client parses nothing else."""
    plain = "/.backstage/" in scope["path"]
    body = json.dumps(problem_document(answer, scope), separators=(",", ":")).encode()
    media_type = "application/json" if plain else "application/problem+json"
    return Response(body, answer.status, headers=dict(answer.headers), media_type=media_type)


def report(error: Exception, answer: Answer) -> None:
    """Log what was not the caller's doing, with its cause."""
    if answer.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request failed", exc_info=error)
    elif answer.status > HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("request not served", reason=answer.detail)


class Problems:
    """Answers with a problem where the application below raises before its response began."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, send_and_note)
        except ClientDisconnect:
            return
        except Exception as error:
            if started:
                # Half an answer is out: only a broken connection tells the caller that the rest is missing.
                raise
            answer = answer_to(error)
            report(error, answer)
            await problem_response(answer, scope)(scope, receive, send)
