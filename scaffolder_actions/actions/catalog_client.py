"""Registers a repository with the catalog's provider, which may run in another process."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import cast

import requests

from foundation.errors import GreenroomError, InputError, NotFoundError, Problem
from foundation.jsontypes import JsonObject
from foundation.settings import Settings
from scaffolder_actions.errors import CatalogUnavailableError

# The static token that the parts of Greenroom use among themselves.
SUBJECT = "greenroom"
# Seconds to connect, and until the answer: the repository is read and mapped within it.
TIMEOUT = (5, 60)
# Attempts, and seconds between them: the provider may be starting beside us.
ATTEMPTS = 15
PAUSE_SECONDS = 2.0

# Registers a repository's document; pauses with the given function while the provider is away.
Register = Callable[[str, str, Callable[[float], None]], JsonObject]


def catalog_client(settings: Settings) -> Register:
    """Registration over HTTP at the server that the settings name."""
    address = f"{settings.server.url.rstrip('/')}/api/live/v1/registrations"
    token = next((each.token for each in settings.backstage.static_tokens if each.subject == SUBJECT), None)

    def register(repository_url: str, path: str, pause: Callable[[float], None]) -> JsonObject:
        if token is None:
            raise GreenroomError(
                "The catalog cannot be asked: there is no token to ask with.",
                remedy=f'Add a static token with the subject "{SUBJECT}" to the settings.',
            )
        body = {"repositoryUrl": repository_url, "path": path}
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return _ask(address, token.reveal(), body)
            except CatalogUnavailableError:
                if attempt == ATTEMPTS:
                    raise
                pause(PAUSE_SECONDS)
        raise AssertionError

    return register


def _ask(address: str, token: str, body: JsonObject) -> JsonObject:
    try:
        answer = requests.post(
            address, json=body, headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT, allow_redirects=False
        )
        document = answer.json()
    except (requests.RequestException, ValueError):
        # The library's own text would quote the request.
        raise CatalogUnavailableError(
            f"The catalog's provider at {address} does not answer.", remedy="Is the server of the plugin live up?"
        ) from None
    if not isinstance(document, dict):
        document = {}
    if answer.status_code < HTTPStatus.BAD_REQUEST:
        return cast("JsonObject", document)
    raise _refused(answer.status_code, document)


def _refused(status: int, document: dict[str, object]) -> GreenroomError:
    message = str(document.get("detail") or document.get("title") or f"The catalog answered {status}.")
    remedy = str(document["remedy"]) if document.get("remedy") else None
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return CatalogUnavailableError(message, remedy=remedy)
    if status == HTTPStatus.NOT_FOUND:
        return NotFoundError(message, remedy=remedy)
    listed = document.get("problems")
    problems = [_problem(each) for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return InputError(message, remedy=remedy, problems=problems)


def _problem(fields: dict[str, object]) -> Problem:
    line, column = fields.get("line"), fields.get("column")
    return Problem(
        str(fields.get("file", "")),
        line if isinstance(line, int) else 0,
        column if isinstance(column, int) else 0,
        str(fields.get("message", "")),
        str(fields.get("remedy", "")),
        str(fields.get("page", "")),
    )
