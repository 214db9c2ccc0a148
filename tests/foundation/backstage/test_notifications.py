"""Notifications as Backstage's plugin takes them; the contract with the real one is in `tests/contract`."""

from __future__ import annotations

import json

import pytest
import requests

from foundation.backstage.notifications import LONGEST_DESCRIPTION, Notification, Notifications
from foundation.errors import GreenroomError, InputError, NotAllowedError, ServiceUnavailableError
from foundation.jsontypes import JsonObject
from foundation.settings import Secret

TOKEN = "the-token-of-this-server"
TOLD = Notification("group:default/commerce", "order-api is Degraded", "x" * 9999, "/catalog", "high", "health", "one")


def answering(status: int, answer: object, seen: list[tuple[str, str, JsonObject]] | None = None) -> Notifications:
    def post(address: str, token: str, body: JsonObject) -> tuple[int, bytes]:
        if seen is not None:
            seen.append((address, token, body))
        return status, answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    return Notifications("http://backstage.example/", Secret(TOKEN), post)


def test_it_goes_to_the_plugin_with_the_token() -> None:
    seen: list[tuple[str, str, JsonObject]] = []
    assert answering(200, [{}, {}], seen).send(TOLD) == 2
    [(address, token, body)] = seen
    assert (address, token) == ("http://backstage.example/api/notifications/notifications", TOKEN)
    assert body["recipients"] == {"type": "entity", "entityRef": "group:default/commerce"}
    payload = body["payload"]
    assert isinstance(payload, dict)
    assert payload["description"] == "x" * LONGEST_DESCRIPTION


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InputError),
        (401, NotAllowedError),
        (403, NotAllowedError),
        (404, ServiceUnavailableError),
        (302, ServiceUnavailableError),
        (500, ServiceUnavailableError),
    ],
)
def test_a_refusal_is_one_sentence_with_a_remedy(status: int, kind: type[GreenroomError]) -> None:
    with pytest.raises(kind) as raised:
        answering(status, {"error": TOKEN}).send(TOLD)
    assert raised.value.remedy
    assert TOKEN not in str(raised.value)


@pytest.mark.parametrize("answer", [b"", b"{}", b"[" * 100_000])
def test_an_answer_that_says_nothing_was_one_all_the_same(answer: bytes) -> None:
    assert answering(200, answer).send(TOLD) == 0


def test_nobody_there() -> None:
    def post(*_: object) -> tuple[int, bytes]:
        raise requests.ConnectionError(TOKEN)

    with pytest.raises(ServiceUnavailableError) as raised:
        Notifications("http://backstage.example", Secret(TOKEN), post).send(TOLD)
    assert TOKEN not in str(raised.value)
