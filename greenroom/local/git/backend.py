"""Git's smart HTTP protocol, spoken by `git http-backend` as its CGI interface asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from foundation.connections.git.command import clean_environment

# Bytes read from git at a time.
CHUNK = 64 * 1024
# Bytes. Git's own answer to a larger push is a chunked body, which is bounded the same.
LARGEST_PUSH = 256 * 1024 * 1024


@dataclass(frozen=True)
class GitBackend:
    """`git http-backend` over the bare repositories below `directory`."""

    directory: Path

    async def serve(self, request: Request, path: str, *, user: str | None) -> Response:
        """Answer one request of a Git client; `user` is who may push, None reads only."""
        environment = {**clean_environment(), **self._variables(request, path, user)}
        process = await asyncio.create_subprocess_exec(
            "git",
            "http-backend",
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        feeding = asyncio.create_task(_feed(process, request))
        status, headers = await _read_head(process)
        return StreamingResponse(_body(process, feeding), status_code=status, headers=dict(headers))

    def _variables(self, request: Request, path: str, user: str | None) -> dict[str, str]:
        variables = {
            "GIT_PROJECT_ROOT": str(self.directory),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": request.method,
            "PATH_INFO": path,
            "QUERY_STRING": request.url.query,
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": request.headers.get("content-length", ""),
            "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
            "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
            "REMOTE_ADDR": request.client.host if request.client else "",
        }
        # http-backend takes pushes from whoever the web server says has signed in.
        return variables | ({"REMOTE_USER": user} if user else {})


async def _feed(process: asyncio.subprocess.Process, request: Request) -> None:
    assert process.stdin is not None  # noqa: S101 it was asked for
    received = 0
    try:
        async for chunk in request.stream():
            received += len(chunk)
            if received > LARGEST_PUSH:
                process.kill()
                return
            process.stdin.write(chunk)
            await process.stdin.drain()
        process.stdin.close()
    except (BrokenPipeError, ConnectionResetError):  # git has answered already and reads no more
        return


async def _read_head(process: asyncio.subprocess.Process) -> tuple[int, Mapping[str, str]]:
    assert process.stdout is not None  # noqa: S101 it was asked for
    status, headers = 200, {}
    while line := (await process.stdout.readline()).decode("latin-1").strip():
        name, _, value = line.partition(":")
        if name.lower() == "status":
            status = int(value.split()[0])
        else:
            headers[name] = value.strip()
    return (status, headers) if headers else (500, {})


async def _body(process: asyncio.subprocess.Process, feeding: asyncio.Task[None]) -> AsyncIterator[bytes]:
    assert process.stdout is not None  # noqa: S101 it was asked for
    try:
        while chunk := await process.stdout.read(CHUNK):
            yield chunk
    finally:
        feeding.cancel()
        if process.returncode is None:
            process.kill()
        await process.wait()
