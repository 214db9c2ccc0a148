"""Asks the catalog's provider, which may run in another process, to take a document in or out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

Pause = Callable[[float], None]
# Registers the document at a path of a repository; takes what declares an entity out of the catalog.
Register = Callable[[str, str, Pause], JsonObject]
Withdraw = Callable[[str, Pause], JsonObject]


class CatalogClient:
    """Registrations, over HTTP, at the server that the settings name. Pauses while the provider is away."""

    def __init__(self, settings: Settings) -> None:
        self._address = f"{settings.server.url.rstrip('/')}/api/live/v1/registrations"
        self._token = next((each.token for each in settings.backstage.static_tokens if each.subject == SUBJECT), None)

    def register(self, repository_url: str, path: str, pause: Pause) -> JsonObject:
        """See `POST /v1/registrations` of the plugin live."""
        return self._ask("POST", pause, json={"repositoryUrl": repository_url, "path": path})

    def withdraw(self, entity_ref: str, pause: Pause) -> JsonObject:
        """See `DELETE /v1/registrations` of the plugin live."""
        return self._ask("DELETE", pause, params={"entityRef": entity_ref})

    def _ask(self, method: str, pause: Pause, **question: Mapping[str, str]) -> JsonObject:
        if self._token is None:
            raise GreenroomError(
                "The catalog cannot be asked: there is no token to ask with.",
                remedy=f'Add a static token with the subject "{SUBJECT}" to the settings.',
            )
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return _answer(method, self._address, self._token.reveal(), question)
            except CatalogUnavailableError:
                if attempt == ATTEMPTS:
                    raise
                pause(PAUSE_SECONDS)
        raise AssertionError


def _answer(method: str, address: str, token: str, question: Mapping[str, Mapping[str, str]]) -> JsonObject:
    try:
        answer = requests.request(
            method,
            address,
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT,
            allow_redirects=False,
            json=question.get("json"),
            params=question.get("params"),
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
