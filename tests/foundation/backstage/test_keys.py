"""Backstage's keys: got when needed, kept when it is down, and never asked for in a storm."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from typing import Any

import pytest

from foundation.backstage.keys import FIRST_RETRY_SECONDS, REFRESH_SECONDS, STALE_SECONDS, KeySets, parse_keys
from foundation.backstage.tokens import TokenVerifier
from foundation.errors import AuthenticationError, GreenroomError, ServiceUnavailableError

USER_KEYS = "/api/auth/.well-known/jwks.json"


async def outcome(verifier: TokenVerifier, token: str) -> str:
    """The caller's subject, or the name of the error."""
    try:
        return (await verifier.verify(token, audience="live")).subject
    except GreenroomError as error:
        return error.name


def test_keys_are_fetched_once(verifier: TokenVerifier, issuer: Any, key_server: Any) -> None:
    """For good tokens, one fetch does."""

    async def scenario() -> None:
        for _ in range(50):
            assert await outcome(verifier, issuer.user()) == "user:default/ann"

    asyncio.run(scenario())
    assert key_server.asked == [USER_KEYS]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_thousand_unknown_keys(
    verifier: TokenVerifier, issuer: Any, stranger: Any, key_server: Any, at_once: bool
) -> None:
    """Whether they come together or one after the other, with good ones between: one more fetch at most."""

    def unknown(index: int) -> str:
        stranger.key_id = f"invented-{index}"
        token: str = stranger.user()
        return token

    async def scenario() -> None:
        assert await outcome(verifier, issuer.user()) == "user:default/ann"
        tokens = [unknown(index) for index in range(1000)]
        if at_once:
            found = set(await asyncio.gather(*(outcome(verifier, token) for token in tokens)))
        else:
            found = {await outcome(verifier, token) for token in tokens}
        assert found == {"AuthenticationError"}
        assert await outcome(verifier, issuer.user()) == "user:default/ann"

    asyncio.run(scenario())
    assert len(key_server.asked) <= 2


def test_callers_wait_for_one_fetch(verifier: TokenVerifier, issuer: Any, key_server: Any) -> None:
    """Those who come while the keys are under way wait for them, and all get in."""

    async def scenario() -> None:
        key_server.held.clear()
        callers = [asyncio.create_task(outcome(verifier, issuer.user())) for _ in range(20)]
        assert await asyncio.to_thread(key_server.was_asked.wait, 20)
        # The one who came first leaves, and takes nothing away from the others.
        callers[0].cancel()
        key_server.held.set()
        assert set(await asyncio.gather(*callers[1:])) == {"user:default/ann"}

    asyncio.run(scenario())
    assert key_server.asked == [USER_KEYS]


def test_a_new_key_is_found(verifier: TokenVerifier, issuer: Any, stranger: Any, key_server: Any, clock: Any) -> None:
    """Backstage rotates its keys: a new one is good as soon as a look is due."""

    async def scenario() -> None:
        assert await outcome(verifier, issuer.user()) == "user:default/ann"
        key_server.sets[USER_KEYS] = [issuer.public, stranger.public]
        clock.now += REFRESH_SECONDS
        assert await outcome(verifier, stranger.user()) == "user:default/ann"
        assert await outcome(verifier, issuer.user()) == "user:default/ann"

    asyncio.run(scenario())
    assert len(key_server.asked) == 2


def test_a_restarted_backstage_is_known_at_once(
    verifier: TokenVerifier, issuer: Any, stranger: Any, key_server: Any
) -> None:
    """A restart brings a new key, and the portal asks with it while it starts: the first look again is not put off."""

    async def scenario() -> None:
        assert await outcome(verifier, issuer.user()) == "user:default/ann"
        key_server.sets[USER_KEYS] = [issuer.public, stranger.public]
        assert await outcome(verifier, stranger.user()) == "user:default/ann"

    asyncio.run(scenario())
    assert len(key_server.asked) == 2


def test_known_keys_stay_while_backstage_is_down(
    verifier: TokenVerifier, issuer: Any, stranger: Any, key_server: Any, clock: Any
) -> None:
    """Whoever was let in still is; of an unknown key nobody can say anything, and nobody is asked in a storm."""

    async def scenario() -> None:
        assert await outcome(verifier, issuer.user()) == "user:default/ann"
        key_server.answer = (500, {}, b"down")
        clock.now += REFRESH_SECONDS
        for _ in range(100):
            assert await outcome(verifier, stranger.user()) == "ServiceUnavailableError"
            assert await outcome(verifier, issuer.user()) == "user:default/ann"

    asyncio.run(scenario())
    assert len(key_server.asked) == 2


def test_backstage_that_is_not_up_yet(verifier: TokenVerifier, issuer: Any, key_server: Any, clock: Any) -> None:
    """While there never were keys, the next look comes sooner, and then less and less often."""
    key_server.answer = (503, {}, b"starting")

    async def scenario() -> None:
        for _ in range(100):
            assert await outcome(verifier, issuer.user()) == "ServiceUnavailableError"
        assert len(key_server.asked) == 1
        clock.now += FIRST_RETRY_SECONDS
        assert await outcome(verifier, issuer.user()) == "ServiceUnavailableError"
        clock.now += FIRST_RETRY_SECONDS
        assert await outcome(verifier, issuer.user()) == "ServiceUnavailableError"
        assert len(key_server.asked) == 2
        key_server.answer = None
        clock.now += FIRST_RETRY_SECONDS
        assert await outcome(verifier, issuer.user()) == "user:default/ann"

    asyncio.run(scenario())


def test_a_withdrawn_key_goes(verifier: TokenVerifier, issuer: Any, stranger: Any, key_server: Any, clock: Any) -> None:
    """Known keys are looked at again in the background; nobody waits for that."""

    async def scenario() -> None:
        assert await outcome(verifier, issuer.user()) == "user:default/ann"
        key_server.sets[USER_KEYS] = [stranger.public]
        clock.now += STALE_SECONDS + 1
        assert await outcome(verifier, issuer.user()) == "user:default/ann"
        refresh = verifier._keys._sets[f"{key_server.url}{USER_KEYS}"].refresh
        assert refresh is not None
        await refresh
        assert await outcome(verifier, issuer.user()) == "AuthenticationError"

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "answer",
    [
        (302, {"Location": "/api/catalog/.backstage/auth/v1/jwks.json"}, b""),
        (200, {}, b"not json"),
        (200, {}, b"[]"),
        (200, {}, b'{"keys": 1}'),
        (200, {}, b'{"keys": [1]}'),
        (200, {}, b'{"keys": [' + b'{"kty": "EC"},' * 30_000 + b"{}]}"),
        (200, {}, b"[" * 100_000),
        (404, {}, b""),
    ],
)
def test_answers_that_are_no_key_set(verifier: TokenVerifier, issuer: Any, key_server: Any, answer: Any) -> None:
    """Redirects are not followed, and what is no key set or far too large is none."""
    key_server.answer = answer

    async def scenario() -> None:
        assert await outcome(verifier, issuer.user()) == "ServiceUnavailableError"

    asyncio.run(scenario())
    assert key_server.asked == [USER_KEYS]


def test_nobody_listens(issuer: Any, backstage: Any) -> None:
    """The error names the address, so that it can be put right."""
    verifier = TokenVerifier(dataclasses.replace(backstage, url="http://127.0.0.1:9"), KeySets())
    with pytest.raises(ServiceUnavailableError) as raised:
        asyncio.run(verifier.verify(issuer.user(), audience="live"))
    assert "http://127.0.0.1:9/api/auth/.well-known/jwks.json" in str(raised.value)


def test_only_keys_of_the_one_algorithm(issuer: Any) -> None:
    """Others in the set are passed over, and do no harm."""
    others = [{"kty": "RSA", "kid": "r", "n": "AQ", "e": "AQAB"}, {"kty": "oct", "kid": "o", "k": "AA"}]
    assert list(parse_keys(json.dumps({"keys": [*others, issuer.public]}).encode())) == [issuer.key_id]


def test_an_unknown_key_is_not_an_outage(verifier: TokenVerifier, stranger: Any) -> None:
    """Backstage answers, and does not know the key: that is the caller's fault."""
    with pytest.raises(AuthenticationError):
        asyncio.run(verifier.verify(stranger.user(), audience="live"))
