"""The stand-in over HTTP: the API server itself on one port, and what commands it on another."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from benchmarks.stand_in import discovery
from benchmarks.stand_in.changes import Changes
from benchmarks.stand_in.collection import EXPIRED, Collection, Versions
from benchmarks.stand_in.kinds import KINDS
from benchmarks.stand_in.objects import Fleet, fleet

# Bytes from which an API server compresses an answer to who can read that (k8s.io/apiserver, responsewriters).
COMPRESSED_FROM: Final = 128 * 1024
# Seconds between bookmarks (k8s.io/apiserver/pkg/storage/cacher).
BOOKMARKS: Final = 60.0
SELECTOR: Final = "backstage.io/kubernetes-id="


@dataclass(frozen=True)
class Request:
    """What was asked."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Caller:
    """Who asked: `reader` ends when it leaves."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


# Answers, and says whether the connection may be asked more.
Answering = Callable[[Request, Caller], Awaitable[bool]]


class StandIn:
    """The cluster, its API server and what it counted."""

    def __init__(self, size: Fleet, *, bookmarks: float = BOOKMARKS) -> None:
        self._versions = Versions()
        self._bookmarks = bookmarks
        self.collections = {kind.path: Collection(kind, self._versions) for kind in KINDS}
        by_plural = {each.kind.plural: each for each in self.collections.values()}
        for made in fleet(size):
            by_plural[made.plural].fill([made])
        self.changes = Changes(by_plural)
        self.requests: Counter[str] = Counter()
        self.bytes: Counter[str] = Counter()
        self._by_plural = by_plural
        self._discovery = discovery.documents()
        self._port = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> int:
        """Listen, at the same port each time; gives it."""
        if self._server is None:
            self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port, backlog=512)
            self._port = self._server.sockets[0].getsockname()[1]
        return self._port

    async def close(self) -> None:
        """Be gone: refuse connections, and break off those there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.transport.abort()
        for collection in self.collections.values():
            collection.disconnect()

    async def keep_watches_alive(self) -> None:
        """Send bookmarks for ever."""
        while True:
            await asyncio.sleep(self._bookmarks)
            for collection in self.collections.values():
                if collection.watches:
                    collection.send(collection.bookmark())

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await serve(reader, writer, self._answer)
        finally:
            self._writers.discard(writer)

    async def _answer(self, request: Request, caller: Caller) -> bool:
        writer = caller.writer
        collection = self.collections.get(request.path) or self._in_namespace(request.path)
        if collection is None:
            aggregated = discovery.AGGREGATED in request.headers.get("accept", "")
            return self._discover(request.path, writer, aggregated=aggregated)
        if request.query.get("watch") in {"true", "1"}:
            await self._watch(collection, request, caller)
            return False
        service = unquote(request.query.get("labelSelector", "")).removeprefix(SELECTOR)
        body = collection.page(int(request.query.get("limit", "0")), request.query.get("continue", ""), service)
        name = f"list {collection.kind.plural}"
        if body is None:
            self._count(name, answer(writer, 410, EXPIRED))
        else:
            self._count(name, answer(writer, 200, body, gzip="gzip" in request.headers.get("accept-encoding", "")))
        await writer.drain()
        return True

    def _in_namespace(self, path: str) -> Collection | None:
        """The collection of `/api/v1/namespaces/<any>/pods`: who asks so also selects by label, which decides."""
        before, _, after = path.partition("/namespaces/")
        name = after.partition("/")[2]
        if before.endswith("metrics.k8s.io/v1beta1"):
            name = "podmetrics"
        return self.collections.get(f"{before}/{name}") if name else None

    def _discover(self, path: str, writer: asyncio.StreamWriter, *, aggregated: bool) -> bool:
        found = self._discovery.get((path, aggregated)) or self._discovery.get((path, False))
        if found is None:
            status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}
            self._count("other", answer(writer, 404, json.dumps(status).encode()))
        else:
            known = aggregated and (path, True) in self._discovery
            content_type = discovery.AGGREGATED_TYPE if known else "application/json"
            self._count("discovery", answer(writer, 200, found, content_type=content_type))
        return True

    async def _watch(self, collection: Collection, request: Request, caller: Caller) -> None:
        writer = caller.writer
        name = f"watch {collection.kind.plural}"
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        writer.write(head)
        self._count(name, len(head))
        queue: asyncio.Queue[bytes | None] = asyncio.Queue()
        missed = collection.events_after(int(request.query.get("resourceVersion") or self._versions.last))
        if missed is None:
            queue.put_nowait(EXPIRED)
            queue.put_nowait(None)
        else:
            for each in missed:
                queue.put_nowait(each)
            collection.watches.add(queue)
        asked = float(request.query.get("timeoutSeconds") or 3600)
        end = asyncio.get_running_loop().call_later(asked, queue.put_nowait, None)
        leaving = asyncio.create_task(caller.reader.read(1))
        leaving.add_done_callback(lambda _: queue.put_nowait(None))
        try:
            while (line := await queue.get()) is not None:
                writer.write(b"%x\r\n%b\r\n" % (len(line), line))
                self.bytes[name] += len(line)
                await writer.drain()
        finally:
            end.cancel()
            leaving.cancel()
            collection.watches.discard(queue)
        writer.write(b"0\r\n\r\n")

    def _count(self, name: str, size: int) -> None:
        self.requests[name] += 1
        self.bytes[name] += size

    async def command(self, request: Request, caller: Caller) -> bool:
        """Do what the benchmark asks; see `process` for the other side."""
        writer = caller.writer
        number, query = 0, request.query
        match request.path:
            case "/counts":
                watches = {path: len(each.watches) for path, each in self.collections.items()}
                told = {"requests": self.requests, "bytes": self.bytes, "watches": watches}
                answer(writer, 200, json.dumps(told).encode())
                return True
            case "/log":
                answer(writer, 200, json.dumps([asdict(each) for each in self.changes.log]).encode())
                self.changes.log.clear()
                return True
            case "/objects":
                kept = {(each.made.namespace, each.made.name): each for each in self._by_plural[query["kind"]]}
                versions = {"/".join(key): str(each.version) for key, each in kept.items()}
                answer(writer, 200, json.dumps(versions).encode())
                return True
            case "/change":
                making = self.changes.make(
                    query["kind"], query["how"], int(query["count"]), float(query["rate"]), int(query["among"])
                )
                await making
            case "/expire":
                number = sum(each.expire() for each in self._chosen(query))
            case "/disconnect":
                number = sum(each.disconnect() for each in self._chosen(query))
            case "/away":
                await self.close()
            case "/back":
                await self.open()
        answer(writer, 200, json.dumps(number).encode())
        return True

    def _chosen(self, query: dict[str, str]) -> list[Collection]:
        return [each for each in self.collections.values() if query.get("kind") in {None, each.kind.plural}]


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answering: Answering) -> None:
    """Answer the requests of one connection, until either side ends it."""
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while await answering(await _request(reader), Caller(reader, writer)):
            await writer.drain()
        await writer.drain()
    writer.close()


async def _request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *fields = head.rstrip().split("\r\n")
    method, target, _ = line.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in fields)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    parts = urlsplit(target)
    return Request(method, parts.path, dict(parse_qsl(parts.query)), headers, body)


def answer(
    writer: asyncio.StreamWriter,
    status: int,
    body: bytes,
    *,
    content_type: str = "application/json",
    gzip: bool = False,
) -> int:
    """Write an answer; its size on the wire."""
    encoding = ""
    if gzip and len(body) >= COMPRESSED_FROM:
        # Level 1, as API servers do; 31 asks for gzip's form.
        packing = zlib.compressobj(1, wbits=31)
        body = packing.compress(body) + packing.flush()
        encoding = "Content-Encoding: gzip\r\n"
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: {content_type}\r\n{encoding}Content-Length: {len(body)}\r\n\r\n".encode()
    writer.write(head)
    writer.write(body)
    return len(head) + len(body)
