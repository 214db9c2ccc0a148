"""The recordings of a real API server, and a server that plays them over HTTP."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import yaml

from catalog_provider.cluster.kinds import KINDS
from foundation.settings import ClusterSettings

FOLDER = Path(__file__).parents[1] / "data" / "kubernetes-wire"
# Objects as JSON gives them: a test reaches into them freely.
Item = dict[str, Any]


def load_list(resource: str) -> Item:
    """The collection at the start; a kind that the recording has nothing of is empty at the same version."""
    path = FOLDER / f"list-{resource}.json"
    if not path.exists():
        return {"metadata": {"resourceVersion": "592"}, "items": []}
    return cast("Item", json.loads(path.read_bytes()))


def load_watch() -> list[Item]:
    """All events, in order."""
    return [json.loads(line) for line in gzip.open(FOLDER / "watch.jsonl.gz")]


def load_answer(what: str) -> Item:
    """A recorded answer, by its description."""
    return next(each for each in json.loads((FOLDER / "answers.json").read_bytes()) if each["what"] == what)


def name_of(item: Item) -> tuple[str, str]:
    return item["metadata"]["namespace"], item["metadata"]["name"]


@dataclass
class Collection:
    """One kind as the server has it: what is there, its version, and the lines told since the start."""

    version: str
    items: dict[tuple[str, str], Item]
    lines: list[bytes] = field(default_factory=list)
    # Position in `lines` → what to do there, once: "expire", "cut", "tear" or "end".
    faults: dict[int, str] = field(default_factory=dict)

    def apply(self, event: Item) -> None:
        item = event["object"]
        if event["type"] == "DELETED":
            self.items.pop(name_of(item), None)
        elif event["type"] != "BOOKMARK":
            self.items[name_of(item)] = item
        self.version = item["metadata"]["resourceVersion"]
        self.lines.append(json.dumps(event).encode() + b"\n")


class RecordedCluster:
    """An API server that says what the recording says, as far as `play` has come."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.collections = {}
        for kind in KINDS:
            page = load_list(kind.plural)
            items = {name_of(item): item for item in page["items"]}
            self.collections[kind.plural] = Collection(page["metadata"]["resourceVersion"], items)
        self.events = [each for each in load_watch() if each["resource"] in self.collections]
        self.lists: list[str] = []
        self.ended = False
        self.refused: frozenset[str] = frozenset()

    def play(self, event: Item) -> None:
        """Let one event happen."""
        with self.changed:
            self.collections[event["resource"]].apply(event["event"])
            self.changed.notify_all()

    def stop(self) -> None:
        with self.changed:
            self.ended = True
            self.changed.notify_all()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster: RecordedCluster

    def log_message(self, *_: object) -> None:
        """Tests read no access log."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        resource = address.path.rpartition("/")[2]
        if resource in self.cluster.refused:
            answer = load_answer("no credentials")
            self._answer(answer["status"], answer["body"].encode())
        elif query.get("watch"):
            self._watch(self.cluster.collections[resource], query["resourceVersion"])
        else:
            self._list(resource, int(query.get("limit", 1000)), int(query.get("continue", 0)))

    def _list(self, resource: str, limit: int, start: int) -> None:
        # Small pages whatever is asked for, so that short recordings are paged too.
        limit = min(limit, 5)
        with self.cluster.changed:
            self.cluster.lists.append(resource)
            collection = self.cluster.collections[resource]
            items = list(collection.items.values())
            metadata = {"resourceVersion": collection.version}
        if start + limit < len(items):
            metadata["continue"] = str(start + limit)
        page = {"kind": "List", "metadata": metadata, "items": items[start : start + limit]}
        self._answer(200, json.dumps(page).encode())

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _watch(self, collection: Collection, version: str) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for position, line in self._lines(collection, version):
            fault = collection.faults.pop(position, None)
            if fault == "expire":
                return self._end(load_answer("watch from a version that was compacted away")["body"].encode())
            if fault == "tear":
                return self._end(line[: len(line) // 2])
            if fault == "end":
                return self._end(b"")
            if fault == "cut":
                # A chunk is announced and never finished.
                self.wfile.write(b"%x\r\n%s" % (len(line), line[:20]))
                return None
            # In two chunks, so that lines and chunks are never the same.
            self._chunk(line[:100])
            self._chunk(line[100:])
        return self._end(b"")

    def _lines(self, collection: Collection, version: str) -> Iterator[tuple[int, bytes]]:
        position = 0
        while not self.cluster.ended:
            with self.cluster.changed:
                lines = collection.lines[position:]
                if not lines:
                    self.cluster.changed.wait(1)
            for line in lines:
                told = json.loads(line)["object"]["metadata"]["resourceVersion"]
                if int(told) > int(version):
                    yield position, line
                position += 1

    def _chunk(self, content: bytes) -> None:
        if content:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))

    def _end(self, last: bytes) -> None:
        self._chunk(last)
        self.wfile.write(b"0\r\n\r\n")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that went away is what these tests are about."""


@contextmanager
def serve_recording(folder: Path, *, environment: str = "shop") -> Iterator[tuple[RecordedCluster, ClusterSettings]]:
    """A recorded cluster behind a path prefix, and the settings to reach it."""
    cluster = RecordedCluster()
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"cluster": cluster}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    kubeconfig = folder / "kubeconfig.yaml"
    kubeconfig.write_text(
        yaml.safe_dump(
            {
                "clusters": [
                    {"name": "c", "cluster": {"server": f"http://localhost:{server.server_port}/clusters/recorded"}}
                ],
                "users": [{"name": "u", "user": {"token": "recorded-token"}}],
                "contexts": [{"name": "recorded", "context": {"cluster": "c", "user": "u"}}],
                "current-context": "recorded",
            }
        )
    )
    try:
        yield cluster, ClusterSettings("recorded", environment, kubeconfig)
    finally:
        cluster.stop()
        server.shutdown()
        server.server_close()
        thread.join()
