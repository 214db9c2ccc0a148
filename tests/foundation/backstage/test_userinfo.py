"""What a person owns, as Backstage's auth plugin tells it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from foundation.backstage.caller import Caller
from foundation.backstage.userinfo import FRESH_SECONDS, LARGEST_ANSWER, UserInfo
from foundation.errors import AuthenticationError, ServiceUnavailableError
from foundation.settings import Secret

ANN = Caller("user:default/ann", "user", "user:default/ann", Secret("anns-token"))
GROUPS = json.dumps({"claims": {"sub": "user:default/ann", "ent": ["user:default/ann", "Group:default/Commerce"]}})


def test_ownership(key_server: Any, clock: Any) -> None:
    """The person's own token asks, and the answer is kept for a while."""
    key_server.answer = (200, {}, GROUPS.encode())
    users = UserInfo(key_server.url, clock=clock)
    for _ in range(3):
        assert users.ownership(ANN) == ("user:default/ann", "group:default/commerce")
    assert key_server.asked == ["/api/auth/v1/userinfo"]
    assert key_server.tokens == ["Bearer anns-token"]
    clock.now += FRESH_SECONDS
    users.ownership(ANN)
    assert len(key_server.asked) == 2


def test_nobody_owns_nothing(key_server: Any) -> None:
    """A service without a person is not asked about."""
    assert UserInfo(key_server.url).ownership(Caller("plugin:catalog", "service")) == ()
    assert key_server.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}, b""),
        (302, {"Location": "http://evil.example/"}, b""),
        (200, {}, b"{}"),
        (200, {}, b'{"claims": {"ent": "group"}}'),
        (200, {}, b"[" * 100_000),
        (200, {}, b" " * (LARGEST_ANSWER + 1)),
    ],
)
def test_answers_that_say_nothing(key_server: Any, answer: Any) -> None:
    """Unknown is not nothing: the caller is told to come back."""
    key_server.answer = answer
    with pytest.raises(ServiceUnavailableError):
        UserInfo(key_server.url).ownership(ANN)


def test_a_person_whom_backstage_does_not_know(key_server: Any) -> None:
    """Backstage's refusal is ours, and the token is not in it."""
    key_server.answer = (401, {}, b"")
    with pytest.raises(AuthenticationError) as raised:
        UserInfo(key_server.url).ownership(ANN)
    assert "anns-token" not in str(raised.value)
