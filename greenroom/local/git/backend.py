"""Git's smart HTTP protocol, spoken by `git http-backend` as its CGI interface asks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from foundation.connections.git.command import clean_environment

# Bytes read from git at a time.
CHUNK = 64 * 1024
# Bytes. Git's own answer to a larger push is a chunked body, which is bounded the same.
LARGEST_PUSH = 256 * 1024 * 1024
TOO_LARGE = (f"A push may have up to {LARGEST_PUSH >> 20} MiB.\n", 413)
FAILED = ("git failed to answer.\n", 500)


@dataclass(frozen=True)
class GitBackend:
    """`git http-backend` over the bare repositories below `directory`."""

    directory: Path

    async def serve(self, request: Request, path: str, *, user: str | None) -> Response:
        """Answer one request of a Git client; `user` is who may push, None reads only."""
        if int(request.headers.get("content-length") or 0) > LARGEST_PUSH:
            return PlainTextResponse(*TOO_LARGE)
        environment = {**clean_environment(), **self._variables(request, path, user)}
        process = await asyncio.create_subprocess_exec(
            "git",
            "http-backend",
            env=environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            # A group of its own: http-backend starts git's own programs, which would outlive it.
            start_new_session=True,
        )
        feeding = asyncio.create_task(_feed(process, request))
        try:
            status, headers = await _read_head(process)
        except BaseException:
            await _end(process, feeding)
            raise
        if status is None:
            too_large = await _end(process, feeding)
            return PlainTextResponse(*TOO_LARGE if too_large else FAILED)
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


async def _feed(process: asyncio.subprocess.Process, request: Request) -> bool:
    """Hand the request's body to git; whether it was too large, in which case git is ended."""
    assert process.stdin is not None  # noqa: S101 it was asked for
    received = 0
    try:
        async for chunk in request.stream():
            received += len(chunk)
            if received > LARGEST_PUSH:
                _kill(process)
                return True
            process.stdin.write(chunk)
            await process.stdin.drain()
    except ClientDisconnect:  # git would wait for the rest for ever
        _kill(process)
    except (BrokenPipeError, ConnectionResetError):  # git has answered already and reads no more
        pass
    finally:
        process.stdin.close()
    return False


async def _read_head(process: asyncio.subprocess.Process) -> tuple[int | None, Mapping[str, str]]:
    """Status and headers of git's answer; no status where git ended without one."""
    assert process.stdout is not None  # noqa: S101 it was asked for
    status, headers = 200, {}
    while line := (await process.stdout.readline()).decode("latin-1").strip():
        name, _, value = line.partition(":")
        if name.lower() == "status":
            status = int(value.split()[0])
        else:
            headers[name] = value.strip()
    return (status, headers) if headers else (None, {})


def _kill(process: asyncio.subprocess.Process) -> None:
    """End git and all that it started; nothing where all of it has ended (which macOS calls a lack of rights)."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


async def _end(process: asyncio.subprocess.Process, feeding: asyncio.Task[bool]) -> bool:
    """Leave nothing of git behind; whether the request was too large."""
    _kill(process)
    await process.wait()
    if feeding.done() and not feeding.cancelled():
        return feeding.exception() is None and feeding.result()
    feeding.cancel()
    return False


async def _body(process: asyncio.subprocess.Process, feeding: asyncio.Task[bool]) -> AsyncIterator[bytes]:
    assert process.stdout is not None  # noqa: S101 it was asked for
    try:
        while chunk := await process.stdout.read(CHUNK):
            yield chunk
    finally:
        await _end(process, feeding)
