"""A small plugin, hosted for tests, and a real server to host it in."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import flask
import pytest
import uvicorn
from starlette.testclient import TestClient

from foundation.errors import ConflictError, InputError, Problem
from foundation.settings import BackstageSettings, Secret, ServerSettings, Settings, StaticToken
from foundation.web import Plugin, RegistryAction, ServerSentEvent, StreamRequest, caller, host
from foundation.web.hosting import Host

TOKEN = "a-static-token-of-some-length"
ORIGIN = "http://portal.example"
BODY_LIMIT = 100_000
# More than one chunk of any layer.
ARCHIVE = bytes(range(256)) * 4000

SPECIFICATION = """
openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /v1/things/{name}:
    get:
      operationId: get_thing
      parameters:
        - {name: name, in: path, required: true, schema: {type: string, maxLength: 20}}
        - {name: entityRef, in: query, schema: {type: array, maxItems: 3, items: {type: string}}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 5, default: 2}}
        - {name: share, in: query, schema: {type: number}}
      responses: {"200": {description: It, content: {application/json: {schema: {type: object}}}}}
  /v1/numbers/{number}:
    get:
      operationId: get_number
      parameters: [{name: number, in: path, required: true, schema: {type: integer}}]
      responses: {"200": {description: It, content: {application/json: {schema: {type: object}}}}}
  /v1/things:
    post:
      operationId: add_thing
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name, size]
              additionalProperties: false
              properties: {name: {type: string}, size: {type: integer}, more: {}}
      responses: {"201": {description: Added, content: {application/json: {schema: {type: object}}}}}
  /v1/archives:
    put:
      operationId: put_archive
      requestBody: {required: true, content: {application/gzip: {schema: {type: string, format: binary}}}}
      responses: {"200": {description: Kept, content: {application/json: {schema: {type: object}}}}}
  /v1/archives/{form}:
    get:
      operationId: get_archive
      parameters: [{name: form, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: It, content: {application/gzip: {schema: {type: string, format: binary}}}}}
  /v1/failures/{kind}:
    get:
      operationId: fail
      parameters: [{name: kind, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: Never, content: {application/json: {schema: {type: object}}}}}
  /v1/ticks/{kind}:
    get:
      operationId: follow_ticks
      parameters: [{name: kind, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: Ticks, content: {text/event-stream: {schema: {type: string}}}}}
"""


class Things:
    """The plugin's state: what happened to it, for tests to look at and wait for."""

    def __init__(self) -> None:
        self.happened: list[str] = []
        self.waiting: dict[str, str] = {}
        self.stream_ended = threading.Event()
        self.may_answer = threading.Event()
        self.may_answer.set()

    def get_thing(
        self, name: str, entity_ref: list[str] | None = None, limit: int = 0, share: float = 0
    ) -> dict[str, object]:
        return {"name": name, "refs": entity_ref, "limit": limit, "share": share, "caller": caller().subject}

    def get_number(self, number: int) -> dict[str, object]:
        return {"number": str(number)}

    def add_thing(self, body: dict[str, object]) -> tuple[object, int, dict[str, str]]:
        return body, 201, {"Location": f"/v1/things/{body['name']}"}

    def put_archive(self, body: bytes) -> dict[str, object]:
        self.happened.append(f"kept {len(body)}")
        return {"size": len(body)}

    def get_archive(self, form: str) -> object:
        if form == "bytes":
            return ARCHIVE
        return flask.Response(ARCHIVE, mimetype="application/gzip")

    def fail(self, kind: str) -> object:
        if kind == "input":
            problem = Problem("service.yaml", 3, 7, "is wrong.", "Mend it.")
            raise InputError("The document is wrong.", remedy="See the problems.", problems=[problem])
        if kind == "conflict":
            raise ConflictError("It is there already.")
        raise RuntimeError("a secret detail of the inside")

    async def follow_ticks(self, request: StreamRequest) -> AsyncIterator[ServerSentEvent]:
        kind = request.path["kind"]
        try:
            if kind == "refused":
                raise ConflictError("Not now.")
            if kind == "silent":
                await asyncio.Event().wait()
            yield ServerSentEvent("tick", {"after": request.last_event_id, "query": dict(request.query)}, id="7")
            if kind == "broken":
                raise RuntimeError("a secret detail of the inside")
            if kind == "endless":
                await asyncio.Event().wait()
            if kind == "flood":
                while True:
                    yield ServerSentEvent("tick", {"filler": "x" * 65536})
        finally:
            self.stream_ended.set()

    def readiness(self) -> dict[str, str]:
        self.may_answer.wait(20)
        if "broken" in self.waiting:
            raise RuntimeError("a secret detail of the inside")
        return self.waiting

    def start(self) -> None:
        self.happened.append("started")

    def stop(self) -> None:
        self.happened.append("stopped")


def _greet(given: object, who: object) -> dict[str, object]:
    assert isinstance(given, dict)
    if given["name"] == "nobody":
        raise ConflictError("Nobody is not greeted.")
    if given["name"] == "misspelt":
        raise InputError("The name is wrong.", problems=[Problem("names.yaml", 3, 7, "Not a name.", "Write another.")])
    if given["name"] == "wrong":
        return {"greeting": 1}
    return {"greeting": f"Hello {given['name']}, says {caller().subject}"}


GREET = RegistryAction(
    name="greet",
    title="Greet",
    description="Says hello.",
    input={
        "type": "object",
        "properties": {"name": {"type": "string"}, "times": {"type": "integer"}},
        "required": ["name"],
        "additionalProperties": False,
    },
    output={"type": "object", "properties": {"greeting": {"type": "string"}}, "required": ["greeting"]},
    examples=[{"title": "Greet Ann", "input": {"name": "Ann"}}],
    invoke=_greet,  # type: ignore[arg-type]  # a test's shorthand
)


@pytest.fixture
def settings() -> Settings:
    return Settings(
        server=ServerSettings(body_limit=BODY_LIMIT),
        backstage=BackstageSettings(
            # Nothing listens there.
            url="http://127.0.0.1:9",
            app_origins=(ORIGIN,),
            static_tokens=(StaticToken("cli", Secret(TOKEN)),),
        ),
    )


@pytest.fixture
def things() -> Things:
    return Things()


@pytest.fixture
def plugin(things: Things, tmp_path: Path) -> Plugin:
    specification = tmp_path / "openapi.yaml"
    specification.write_text(SPECIFICATION)
    return Plugin(
        id="things",
        specification=specification,
        operations={
            "get_thing": things.get_thing,
            "get_number": things.get_number,
            "add_thing": things.add_thing,
            "put_archive": things.put_archive,
            "get_archive": things.get_archive,
            "fail": things.fail,
        },
        streams={"/v1/ticks/{kind}": things.follow_ticks},
        actions=[GREET],
        start=things.start,
        stop=things.stop,
        readiness=things.readiness,
    )


@pytest.fixture
def hosted(plugin: Plugin, settings: Settings) -> Host:
    return host([plugin], settings)


@pytest.fixture
def client(hosted: Host) -> Iterator[TestClient]:
    """A client with a good token, in the same process."""
    with TestClient(hosted, raise_server_exceptions=False, headers={"Authorization": f"Bearer {TOKEN}"}) as in_process:
        yield in_process


@pytest.fixture
def stranger(client: TestClient, hosted: Host) -> TestClient:
    """A client without a token, of a server that is started."""
    return TestClient(hosted, raise_server_exceptions=False)


class Server(uvicorn.Server):
    """uvicorn in a thread, on a port of its own."""

    def __init__(self, application: Host) -> None:
        super().__init__(uvicorn.Config(application, log_config=None, lifespan="on"))
        self.application = application
        self.ready = threading.Event()
        self.listening = socket.socket()
        self.listening.bind(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.thread = threading.Thread(target=self.run, kwargs={"sockets": [self.listening]}, daemon=True)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.loop = asyncio.get_running_loop()
        self.ready.set()

    def begin(self) -> None:
        self.thread.start()
        assert self.ready.wait(20)

    def end(self) -> None:
        self.loop.call_soon_threadsafe(self.application.stopping)
        self.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def server(hosted: Host) -> Iterator[Server]:
    running = Server(hosted)
    running.begin()
    yield running
    if running.thread.is_alive():
        running.end()


@pytest.fixture
def authorised() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def raw(server: Server) -> Iterator[Callable[[bytes], socket.socket]]:
    """Opens a connection to the server and sends bytes as they are."""
    opened: list[socket.socket] = []

    def send(content: bytes) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", server.port), timeout=20)
        connection.sendall(content)
        opened.append(connection)
        return connection

    yield send
    for connection in opened:
        connection.close()
