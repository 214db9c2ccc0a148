"""A stream of lines that another thread can close."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import urllib3.exceptions

from foundation.connections.kubernetes.errors import ClusterError, ClusterUnreachableError

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

# Bytes. etcd keeps objects of up to 1.5 MiB; as JSON in a watch event they can double.
LONGEST_LINE = 8 * 1024 * 1024


class LineTooLongError(ValueError):
    """A line is over LONGEST_LINE bytes: whatever sends it is no watch."""


def split_lines(chunks: Iterable[bytes], longest: int = LONGEST_LINE) -> Iterator[bytes]:
    """The lines in `chunks`, however they are cut, without their ends; empty ones are left out.

    What follows the last line end is given too: it is for the reader to see that it is torn.
    """
    rest: list[bytes] = []
    size = 0
    for chunk in chunks:
        *whole, last = chunk.split(b"\n")
        for line in whole:
            joined = b"".join([*rest, line])
            rest, size = [], 0
            if joined.strip():
                yield joined
        rest.append(last)
        size += len(last)
        if size > longest:
            raise LineTooLongError
    torn = b"".join(rest)
    if torn.strip():
        yield torn


class LineStream:
    """The lines of one answer, as they arrive. Iterate in one thread; `close` from any.

    Iteration ends where the server ends the stream or someone closes it; it raises
    ClusterUnreachableError where the connection breaks or stays silent for too long.
    """

    def __init__(self, response: BaseHTTPResponse, explain: Callable[[Exception], ClusterError]) -> None:
        self._response = response
        self._explain = explain
        self._closed = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from split_lines(self._chunks())
        except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError) as error:
            # Closing under a read surfaces as any of these, depending on where the read stood.
            if not self._closed.is_set():
                raise self._failure(error) from error
        finally:
            self._response.close()

    def close(self) -> None:
        """End the stream, waking a thread that waits for its next line."""
        self._closed.set()
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            self._response.shutdown()

    def _chunks(self) -> Iterator[bytes]:
        # read1 gives what has arrived; read and stream would wait until a buffer is full.
        while not self._closed.is_set():
            chunk = self._response.read1()
            if not chunk:
                return
            yield chunk

    def _failure(self, error: Exception) -> ClusterError:
        if isinstance(error, LineTooLongError):
            return ClusterUnreachableError("A line of the stream is over 8 MiB.")
        return self._explain(error)
