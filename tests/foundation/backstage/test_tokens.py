"""Whose tokens are good, and that no other is."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.backstage.caller import Caller
from foundation.backstage.tokens import LIMITED_USER, PLUGIN, USER, TokenVerifier
from foundation.errors import AuthenticationError

STATIC = "a-static-token-of-some-length"
ANN = "user:default/ann"


def verify(verifier: TokenVerifier, token: str, audience: str = "live") -> Caller:
    return asyncio.run(verifier.verify(token, audience=audience))


def refuse(verifier: TokenVerifier, token: str, audience: str = "live") -> str:
    """What the caller is told about a token that is not good."""
    with pytest.raises(AuthenticationError) as raised:
        verify(verifier, token, audience)
    assert token not in str(raised.value)
    return raised.value.message


def test_a_plugin(verifier: TokenVerifier, issuer: Any) -> None:
    """A plugin's own call is made by a service, for nobody."""
    assert verify(verifier, issuer.plugin()) == Caller("plugin:catalog", "service")


def test_a_plugin_for_a_person(verifier: TokenVerifier, issuer: Any) -> None:
    """With the limited token of a person inside, the call is made for that person, and no longer than it is good."""
    limited = issuer.limited(exp=int(time.time()) + 60)
    caller = verify(verifier, issuer.plugin(obo=limited))
    assert caller == Caller("plugin:catalog", "service", ANN)
    assert caller.user_token is not None
    assert caller.user_token.reveal() == limited
    assert caller.expires_at == pytest.approx(time.time() + 60, abs=10)


def test_a_person(verifier: TokenVerifier, issuer: Any) -> None:
    """A user token says who; its audience is Backstage as a whole."""
    token = issuer.user("User:Default/Ann")
    caller = verify(verifier, token)
    assert caller == Caller(ANN, "user", ANN)
    assert not caller.limited


def test_a_person_with_a_limited_token(verifier: TokenVerifier, issuer: Any) -> None:
    """The limited form is good, and known to be limited."""
    caller = verify(verifier, issuer.limited())
    assert caller == Caller(ANN, "user", ANN)
    assert caller.limited


def test_static_tokens(verifier: TokenVerifier) -> None:
    """Each static token has its subject."""
    assert verify(verifier, STATIC) == Caller("cli", "service")
    assert verify(verifier, STATIC[::-1]) == Caller("ci", "service")


@pytest.mark.parametrize("token", ["", STATIC[:-1], STATIC + "x", STATIC.upper(), "ä" * 30, "\udcff" * 30])
def test_other_static_tokens(verifier: TokenVerifier, token: str) -> None:
    """Nearly right is wrong."""
    with pytest.raises(AuthenticationError):
        verify(verifier, token)


def test_a_forged_plugin_token(verifier: TokenVerifier, issuer: Any, stranger: Any) -> None:
    """Another key under the name of a good one is refused."""
    token = stranger.sign(PLUGIN, {"sub": "catalog", "aud": "live"}, kid=issuer.key_id)
    assert "signature" in refuse(verifier, token)


def test_claims_that_were_changed(verifier: TokenVerifier, issuer: Any, unsigned: Any) -> None:
    """A good signature under other claims is refused."""
    header, _, signature = issuer.user().split(".")
    _, claims, _ = issuer.user("user:default/admin").split(".")
    assert "signature" in refuse(verifier, f"{header}.{claims}.{signature}")


def test_a_token_for_another_plugin(verifier: TokenVerifier, issuer: Any) -> None:
    """What was sent to one plugin cannot be used on another."""
    assert "live" in refuse(verifier, issuer.plugin(aud="docs"))
    refuse(verifier, issuer.plugin(aud=None))
    refuse(verifier, issuer.plugin(aud=["live", "docs"]))


@pytest.mark.parametrize(
    "sub", ["evil", "../auth", "catalog/../auth", "http://evil.example", "", None, 1, ["catalog"], "Catalog"]
)
def test_a_plugin_that_is_not_trusted(
    verifier: TokenVerifier, issuer: Any, key_server: Any, unsigned: Any, sub: object
) -> None:
    """Its keys are not even looked for."""
    now = int(time.time())
    claims = {"sub": sub, "aud": "live", "iat": now, "exp": now + 60}
    token = unsigned({"typ": PLUGIN, "alg": "ES256", "kid": issuer.key_id}, claims, "c2lnbmF0dXJl")
    assert "not trusted" in refuse(verifier, token)
    assert key_server.asked == []


@pytest.mark.parametrize("kind", [PLUGIN, USER, LIMITED_USER])
def test_no_algorithm(verifier: TokenVerifier, issuer: Any, unsigned: Any, kind: str) -> None:
    """`alg: none` is no signature."""
    now = int(time.time())
    claims = {"sub": "catalog" if kind == PLUGIN else ANN, "aud": "live", "iat": now, "exp": now + 60}
    for name in ("none", "None", "NONE", "", None):
        refuse(verifier, unsigned({"typ": kind, "alg": name, "kid": issuer.key_id}, claims))


def test_the_public_key_as_a_shared_secret(verifier: TokenVerifier, issuer: Any, unsigned: Any) -> None:
    """HS256 over the public key, which everybody has, is refused."""
    public = issuer.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    now = int(time.time())
    unfinished = unsigned(
        {"typ": USER, "alg": "HS256", "kid": issuer.key_id}, {"sub": ANN, "iat": now, "exp": now + 60}
    )
    body = unfinished.rpartition(".")[0]
    signature = hmac.new(public, body.encode(), hashlib.sha256).digest()
    token = f"{body}.{jwt.utils.base64url_encode(signature).decode()}"
    assert "ES256" in refuse(verifier, token)


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"exp": int(time.time()) - 60}, "expired"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"exp": True}, "exp"),
        ({"iat": None}, "iat"),
        ({"iat": int(time.time()) + 600}, "not valid yet"),
        ({"nbf": int(time.time()) + 600}, "not valid yet"),
        ({"nbf": "x"}, "nbf"),
        ({"sub": None}, ""),
        ({"sub": "../../etc"}, "names no user"),
        ({"sub": ""}, "names no user"),
    ],
)
def test_wrong_claims(verifier: TokenVerifier, issuer: Any, claims: dict[str, Any], why: str) -> None:
    """Times that are over, to come, or no times; subjects that are nobody."""
    now = int(time.time())
    merged = {"sub": ANN, "iat": now, "exp": now + 60, **claims}
    body = {name: value for name, value in merged.items() if value is not None}
    # PyJWT would not encode a time that is none.
    token = jwt.PyJWS().encode(
        json.dumps(body).encode(),
        issuer.private,
        algorithm="ES256",
        headers={"typ": USER, "kid": issuer.key_id},
    )
    assert why in refuse(verifier, token)


def test_clocks_may_differ_a_little(verifier: TokenVerifier, issuer: Any) -> None:
    """A few seconds either way are no reason to refuse anybody."""
    now = int(time.time())
    assert verify(verifier, issuer.user(iat=now + 5, exp=now + 60))
    assert verify(verifier, issuer.user(exp=now - 5))


def test_the_wrong_kind_on_behalf_of(verifier: TokenVerifier, issuer: Any, stranger: Any) -> None:
    """Only a good limited token speaks for a person; a plugin's word alone does not."""
    refuse(verifier, issuer.plugin(obo=issuer.user()))
    refuse(verifier, issuer.plugin(obo=issuer.plugin()))
    refuse(verifier, issuer.plugin(obo=stranger.limited()))
    refuse(verifier, issuer.plugin(obo=issuer.limited(exp=int(time.time()) - 60)))
    refuse(verifier, issuer.plugin(obo=""))
    refuse(verifier, issuer.plugin(obo=7))


def test_a_user_key_signs_for_no_plugin(verifier: TokenVerifier, stranger: Any, key_server: Any) -> None:
    """Each plugin has its own keys: another's are unknown there."""
    key_server.sets["/api/auth/.well-known/jwks.json"] = [stranger.public]
    refuse(verifier, stranger.plugin())
    assert verify(verifier, stranger.user())


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT", "alg": "ES256"},
        {"alg": "ES256"},
        {"typ": USER, "alg": "ES256"},
        {"typ": USER, "alg": "ES256", "kid": 7},
        {"typ": USER, "alg": "ES256", "kid": "x" * 5000},
        {"typ": USER, "alg": "ES384", "kid": "x"},
        {"typ": [USER], "alg": "ES256", "kid": "x"},
        {"typ": USER, "alg": "ES256", "kid": "x", "crit": ["exp"]},
        [],
        "x",
        None,
    ],
)
def test_strange_headers(verifier: TokenVerifier, unsigned: Any, header: object) -> None:
    """Whatever the header says, the answer is 401."""
    now = int(time.time())
    refuse(verifier, unsigned(header, {"sub": ANN, "iat": now, "exp": now + 60}, "c2lnbmF0dXJl"))


def test_a_long_token(verifier: TokenVerifier, issuer: Any) -> None:
    """Bounded before it is looked at, signed or not."""
    assert "too long" in refuse(verifier, issuer.user(ent=["group:default/" + "x" * 60] * 400))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(token=st.one_of(st.text(max_size=80), st.from_regex(r"[\w-]{0,30}\.[\w-]{0,30}\.[\w-]{0,30}", fullmatch=True)))
def test_any_text(verifier: TokenVerifier, token: str) -> None:
    """No text is a token by accident, and none is a surprise."""
    with pytest.raises(AuthenticationError):
        verify(verifier, token)
