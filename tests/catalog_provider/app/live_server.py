"""A real server that hosts `live`, real bare repositories to commit to, and streams to read."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import uvicorn

from catalog_provider.app import create_plugin
from foundation.connections.git import LocalRepositories
from foundation.settings import Settings
from foundation.web import host

TOKEN = "a-static-token-of-some-length"
ORDER_API = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  language: python
  framework: fastapi
  dependencies:
    - type: postgresql
      size: small
    - type: redis
      size: small
  environments:
    - staging
    - production
"""
ORGANISATION = """\
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: commerce }
spec: { type: team, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: guest }
spec: { memberOf: [commerce] }
"""


def wait_for(condition: Callable[[], object], what: str, seconds: float = 20.0) -> None:
    """Look until the condition holds; fail after `seconds`."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end, f"{what} did not come about in {seconds} s"
        pause.wait(0.02)


class Repositories:
    """Bare repositories that a test commits to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "git"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.work = folder / "work"
        self.host = LocalRepositories(self.folder, "http://git.example")

    def commit(self, name: str, files: Mapping[str, str]) -> None:
        """Make these the files of the repository's newest commit."""
        tree = self.work / name
        for path, text in files.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text)
        if (self.folder / f"{name}.git").is_dir():
            self._commit_again(name, tree)
        else:
            self.host.publish(name, tree, description="", message="Begin", author="Ann <ann@acme.example>")

    def _commit_again(self, name: str, tree: Path) -> None:
        bare = self.folder / f"{name}.git"
        index = {"GIT_DIR": str(bare), "GIT_INDEX_FILE": str(bare / "test-index"), "GIT_WORK_TREE": str(tree)}
        author = {
            f"GIT_{who}_{what}": "ann@acme.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }

        def git(*words: str) -> str:
            done = subprocess.run(["/usr/bin/git", *words], env={**index, **author}, check=True, capture_output=True)
            return done.stdout.decode().strip()

        git("add", "--all")
        parent = git("rev-parse", "refs/heads/main")
        commit = git("commit-tree", git("write-tree"), "-p", parent, "-m", "Change")
        git("update-ref", "refs/heads/main", commit)


@dataclass
class Event:
    """One server-sent event."""

    name: str
    data: Any
    id: str | None


class Stream:
    """An open stream, read in the test's thread."""

    def __init__(self, response: requests.Response) -> None:
        self.response = response
        response.encoding = "utf-8"
        self._lines = response.iter_lines(chunk_size=1, decode_unicode=True)

    def next(self, *names: str) -> Event:
        """The next event that is no ping (or of these names)."""
        event: dict[str, str] = {}
        for line in self._lines:
            if line:
                key, _, value = line.partition(": ")
                event[key] = value
                continue
            name = event.get("event", "")
            if name and name != "ping" and (not names or name in names):
                return Event(name, json.loads(event["data"]), event.get("id"))
            event = {}
        raise AssertionError("the stream has ended")

    def close(self) -> None:
        self.response.close()


class Server:
    """A running server and ways to ask it."""

    def __init__(self, settings: Settings) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/api/live"
        config = uvicorn.Config(host([create_plugin(settings)], settings), log_config=None, lifespan="on")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=lambda: asyncio.run(self._server.serve(sockets=[self._socket])))
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {TOKEN}"
        self._streams: list[Stream] = []

    def start(self) -> None:
        self._thread.start()
        wait_for(lambda: self._server.started, "the server's start")

    def stop(self) -> None:
        for stream in self._streams:
            stream.close()
        self._server.should_exit = True
        self._thread.join(timeout=20)
        self._socket.close()
        self.session.close()

    def get(self, path: str, **query: object) -> requests.Response:
        return self.session.get(f"{self.url}{path}", params={k: str(v) for k, v in query.items()}, timeout=20)

    def post(self, path: str, body: object) -> requests.Response:
        return self.session.post(f"{self.url}{path}", json=body, timeout=20)

    def delete(self, path: str, **query: str) -> requests.Response:
        return self.session.delete(f"{self.url}{path}", params=query, timeout=20)

    def stream(self, path: str, headers: Mapping[str, str] | None = None, **query: object) -> Stream:
        params = {key: str(value) for key, value in query.items()}
        response = self.session.get(f"{self.url}{path}", params=params, headers=headers, stream=True, timeout=20)
        assert response.status_code == 200, response.text
        stream = Stream(response)
        self._streams.append(stream)
        return stream

    def entities(self) -> dict[str, Any]:
        """The whole catalog, by kind and name."""
        answer = self.get("/v1/entities", limit=1000)
        assert answer.status_code == 200, answer.text
        return {f"{each['kind']}:{each['metadata']['name']}": each for each in answer.json()["items"]}

    def is_ready(self) -> bool:
        return self.get("/v1/entities").status_code == 200
