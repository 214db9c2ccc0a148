"""A stand-in for Backstage's issuers: real keys, real tokens, a real server for the keys that counts its callers."""

from __future__ import annotations

import base64
import json
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from foundation.backstage.keys import KeySets, fetch_keys
from foundation.backstage.tokens import LIMITED_USER, PLUGIN, USER, TokenVerifier
from foundation.settings import BackstageSettings, Secret, StaticToken

STATIC = "a-static-token-of-some-length"


class Issuer:
    """A private key, and the tokens that are signed with it."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.key_id = str(uuid.uuid4())

    @property
    def public(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self.private.public_key()))
        return {**document, "kid": self.key_id, "alg": "ES256"}

    def sign(self, kind: str, claims: Mapping[str, Any], **header: Any) -> str:
        now = int(time.time())
        body = {"iat": now, "exp": now + 3600, **claims}
        return jwt.encode(
            {name: value for name, value in body.items() if value is not None},
            self.private,
            algorithm="ES256",
            headers={"typ": kind, "kid": self.key_id, **header},
        )

    def plugin(self, sub: str = "catalog", aud: str = "live", **claims: Any) -> str:
        return self.sign(PLUGIN, {"sub": sub, "aud": aud, **claims})

    def user(self, sub: str = "user:default/ann", **claims: Any) -> str:
        return self.sign(USER, {"sub": sub, "aud": "backstage", "iss": "http://x", "uip": "proof", **claims})

    def limited(self, sub: str = "user:default/ann", **claims: Any) -> str:
        return self.sign(LIMITED_USER, {"sub": sub, **claims})


class KeyServer(ThreadingHTTPServer):
    """Serves key sets by path. `asked` and `tokens` have the path and the token of each request; `answer` overrides status, headers and body."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sets: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[str] = []
        self.tokens: list[str | None] = []
        self.answer: tuple[int, dict[str, str], bytes] | None = None
        self.was_asked = threading.Event()
        self.held = threading.Event()
        self.held.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: KeyServer

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.tokens.append(self.headers.get("Authorization"))
        self.server.was_asked.set()
        self.server.held.wait(20)
        keys = self.server.sets.get(self.path)
        body = json.dumps({"keys": keys}).encode()
        status, headers, content = self.server.answer or (200 if keys is not None else 404, {}, body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class has it so
        """Say nothing."""


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def stranger() -> Issuer:
    """Someone with a key that Backstage does not know."""
    return Issuer()


@pytest.fixture
def key_server(issuer: Issuer) -> Iterator[KeyServer]:
    server = KeyServer()
    for path in ("auth/.well-known/jwks.json", "catalog/.backstage/auth/v1/jwks.json"):
        server.sets[f"/api/{path}"] = [issuer.public]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.held.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(clock: Clock) -> KeySets:
    return KeySets(fetch_keys, clock)


@pytest.fixture
def backstage(key_server: KeyServer) -> BackstageSettings:
    return BackstageSettings(
        url=key_server.url,
        trusted_plugins=("catalog", "scaffolder"),
        static_tokens=(StaticToken("cli", Secret(STATIC)), StaticToken("ci", Secret(STATIC[::-1]))),
    )


@pytest.fixture
def verifier(backstage: BackstageSettings, keys: KeySets) -> TokenVerifier:
    return TokenVerifier(backstage, keys)


def encode_part(value: object) -> str:
    """One part of a JSON Web Token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.fixture
def unsigned() -> Any:
    """Makes tokens of any header and claims, with a signature of any text."""

    def make(header: object, claims: object, signature: str = "") -> str:
        return f"{encode_part(header)}.{encode_part(claims)}.{signature}"

    return make
