"""Start and stop of a server, in processes of their own."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from starlette.testclient import TestClient

from foundation.settings import Settings
from foundation.web import Plugin, ServerSentEvent, StreamRequest, host

TOKEN = "a-static-token-of-some-length"

APPLICATION = """
import asyncio
from pathlib import Path
from foundation.settings import BackstageSettings, Secret, Settings, StaticToken
from foundation.web import Plugin, ServerSentEvent, host

async def follow(request):
    yield ServerSentEvent("tick", {})
    await asyncio.Event().wait()

plugin = Plugin(
    "things", Path(__file__).with_name("openapi.yaml"), {}, streams={"/v1/ticks": follow},
    start=lambda: print("plugin started", flush=True), stop=lambda: print("plugin stopped", flush=True),
)
tokens = (StaticToken("cli", Secret("a-static-token-of-some-length")),)
application = host([plugin], Settings(backstage=BackstageSettings(static_tokens=tokens)))
"""

SPECIFICATION = """
openapi: 3.0.3
info: {title: Ticks, version: "1"}
paths:
  /v1/ticks:
    get:
      operationId: follow
      responses: {"200": {description: Ticks, content: {text/event-stream: {schema: {type: string}}}}}
"""

SERVERS = {
    "uvicorn": ["-m", "uvicorn", "served:application", "--port", "0"],
    "gunicorn": [
        "-m",
        "gunicorn",
        "served:application",
        "--worker-class",
        "uvicorn_worker.UvicornWorker",
        "--bind",
        "127.0.0.1:0",
        "--no-control-socket",
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "served.py").write_text(APPLICATION)
    (tmp_path / "openapi.yaml").write_text(SPECIFICATION)
    return tmp_path


@pytest.fixture(params=SERVERS)
def process(request: pytest.FixtureRequest, folder: Path) -> Iterator[subprocess.Popen[str]]:
    root = Path(__file__).parents[3]
    started = subprocess.Popen(
        [sys.executable, *SERVERS[request.param]],
        cwd=folder,
        env={"PYTHONPATH": f"{root}:{folder}", "PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield started
    started.kill()
    started.wait(20)


def read_until(process: subprocess.Popen[str], pattern: str) -> tuple[re.Match[str], str]:
    """The first match in the output, and all output up to it."""
    assert process.stdout is not None
    read = ""
    for line in process.stdout:
        read += line
        if found := re.search(pattern, line):
            return found, read
    raise AssertionError(read)


def test_a_signal_ends_streams_and_stops_plugins(process: subprocess.Popen[str]) -> None:
    """The server does not wait for streams to close by themselves; the caller sees a clean end."""
    found, before = read_until(process, r"(?:running on|Listening at:) http://127\.0\.0\.1:(\d+)")
    if "plugin started" not in before:
        read_until(process, "plugin started")
    address = f"http://127.0.0.1:{found[1]}/api/things/v1/ticks"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with requests.get(address, headers=headers, stream=True, timeout=20) as answer:
        lines = answer.iter_lines(decode_unicode=True)
        assert next(lines) == "event: tick"
        process.send_signal(signal.SIGTERM)
        assert all(line.startswith(("data:", "event: ping")) for line in lines if line)
    read_until(process, "plugin stopped")
    process.wait(20)


async def silence(_request: StreamRequest) -> AsyncIterator[ServerSentEvent]:
    """A stream without events."""
    nothing: list[ServerSentEvent] = []
    for event in nothing:
        yield event


def plugins(specification: Path, happened: list[str], broken: str) -> list[Plugin]:
    """Three plugins that tell what happens to them, of which one does not start."""

    def make(name: str) -> Plugin:
        def start() -> None:
            happened.append(f"start {name}")
            if name == broken:
                raise RuntimeError("no database")

        def stop() -> None:
            happened.append(f"stop {name}")
            raise RuntimeError("too late")

        return Plugin(name, specification, {}, {"/v1/ticks": silence}, start=start, stop=stop)

    return [make(name) for name in ("a", "b", "c")]


def test_plugins_start_in_order_and_stop_in_reverse(folder: Path) -> None:
    """One that fails to stop keeps none of the others from it."""
    happened: list[str] = []
    with TestClient(host(plugins(folder / "openapi.yaml", happened, ""), Settings())):
        assert happened == ["start a", "start b", "start c"]
    assert happened[3:] == ["stop c", "stop b", "stop a"]


def test_a_plugin_that_does_not_start(folder: Path) -> None:
    """The server does not start, and those that did are stopped."""
    happened: list[str] = []
    application = host(plugins(folder / "openapi.yaml", happened, "b"), Settings())
    sent: list[Any] = []

    async def scenario() -> None:
        async def receive() -> Any:
            return {"type": "lifespan.startup"}

        async def send(message: Any) -> None:
            sent.append(message)

        await application({"type": "lifespan"}, receive, send)

    asyncio.run(scenario())
    assert sent == [{"type": "lifespan.startup.failed", "message": "no database"}]
    assert happened == ["start a", "start b", "stop a"]


def test_importing_the_plugins_words_is_cheap() -> None:
    """Who names a plugin or an error loads no framework: the command line imports these."""
    heavy = ("connexion", "flask", "jwt", "requests", "jsonschema", "prometheus_client", "starlette", "boto3", "hvac")
    code = f"import sys, foundation.web, foundation.backstage; print([m for m in {heavy} if m in sys.modules])"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.strip() == "[]"
