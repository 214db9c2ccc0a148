"""Requests and streams to one API server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import urlencode

import msgspec
import urllib3
import urllib3.exceptions

from foundation.connections.kubernetes.errors import (
    ClusterError,
    ClusterRefusedError,
    ClusterUnreachableError,
    error_of_answer,
)
from foundation.connections.kubernetes.stream import LineStream
from foundation.jsontypes import Json

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

    from foundation.connections.kubernetes.configuration import Connection

Query: TypeAlias = "Mapping[str, str | int | bool]"

# Seconds. A connection within a data centre takes milliseconds, over an ocean and TLS under one.
CONNECT_TIMEOUT = 5.0
# Seconds. API servers end requests that are no watch after 60.
REQUEST_TIMEOUT = 60.0
# The form of answers that are asked for, unless another is.
JSON = "application/json"
# How this client shows in the server's audit log.
USER_AGENT = "greenroom"


class Response(NamedTuple):
    """An answer below 400; `body` is None where the answer has none."""

    status: int
    headers: Mapping[str, str]
    body: Json


@dataclass(frozen=True)
class _Question:
    method: str
    address: str
    headers: Mapping[str, str]
    content: bytes | None
    timeout: urllib3.Timeout


class KubernetesApi:
    """One cluster's API server. Safe to use from any thread.

    Every method raises a ClusterError: unreachable, refused, not found, conflict, expired or invalid.
    """

    def __init__(self, cluster: str, load: Callable[[], Connection]) -> None:
        self.cluster = cluster
        self._load = load
        self._loading = threading.Lock()
        self._connection: Connection | None = None

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        body: Json | bytes = None,
        content_type: str = JSON,
        timeout: float = REQUEST_TIMEOUT,
        accept: str = JSON,
    ) -> Response:
        """Ask for `path` (`/api/v1/pods`), with `body` as JSON, or as it is when it is bytes.

        JSON is YAML too, so an object may be sent as `application/apply-patch+yaml`. `accept` says which form of the answer is
        wanted, of those that are JSON.
        """
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = {"Accept": accept, "Accept-Encoding": "gzip"}
        if content is not None:
            headers["Content-Type"] = content_type
        limits = urllib3.Timeout(connect=CONNECT_TIMEOUT, read=timeout)
        response = self._send(_Question(method, _address(path, query), headers, content, limits))
        try:
            return Response(response.status, response.headers, self._json(response))
        finally:
            response.release_conn()

    def stream(
        self,
        path: str,
        query: Query | None = None,
        *,
        connect: float = CONNECT_TIMEOUT,
        read: float,
        accept: str = JSON,
    ) -> LineStream:
        """Open `path` and give its lines as they come; `read` is the longest silence in seconds."""
        # Compressed, lines would wait in the compressor's buffer.
        headers = {"Accept": accept, "Accept-Encoding": "identity"}
        limits = urllib3.Timeout(connect=connect, read=read)
        response = self._send(_Question("GET", _address(path, query), headers, None, limits))
        return LineStream(response, self._explain)

    def _send(self, question: _Question) -> BaseHTTPResponse:
        connection = self._connect()
        try:
            return self._attempt(connection, question)
        except ClusterRefusedError as error:
            if error.code != HTTPStatus.UNAUTHORIZED:
                raise
        # A rotated token file or certificate, or a plugin whose token was revoked early: read them anew, once.
        return self._attempt(self._reconnect(connection), question)

    def _attempt(self, connection: Connection, question: _Question) -> BaseHTTPResponse:
        headers = {**question.headers, **self._credentials(connection), "User-Agent": USER_AGENT}
        try:
            response = connection.pool.request(
                question.method,
                connection.url + question.address,
                body=question.content,
                headers=headers,
                timeout=question.timeout,
                retries=False,
                preload_content=False,
            )
            if response.status < HTTPStatus.BAD_REQUEST:
                return response
            answer = response.read()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._explain(error) from error
        response.release_conn()
        raise error_of_answer(self.cluster, response.status, response.headers, answer)

    def _credentials(self, connection: Connection) -> Mapping[str, str]:
        try:
            return connection.credentials()
        except Exception as error:  # noqa: BLE001 a plugin or identity provider may raise anything, and quote secrets
            raise ClusterUnreachableError(
                f"Cluster {self._place}: its credentials could not be renewed ({type(error).__name__}).",
                remedy="Run kubectl with the same kubeconfig and context to see why.",
            ) from None

    def _connect(self) -> Connection:
        with self._loading:
            if self._connection is None:
                self._connection = self._load()
            return self._connection

    def _reconnect(self, refused: Connection) -> Connection:
        with self._loading:
            # Of many threads that were refused, the first loads for all.
            if self._connection is refused:
                self._connection = self._load()
            return self._connection or refused

    def _json(self, response: BaseHTTPResponse) -> Json:
        try:
            content = response.read()
            # Lists are megabytes: this reader takes half the time of the standard library's.
            return msgspec.json.decode(content) if content.strip() else None
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._explain(error) from error
        except (ValueError, RecursionError) as error:
            raise ClusterUnreachableError(
                f"Cluster {self._place} answered with something that is not JSON.",
                remedy="Does the server address in the kubeconfig lead to a Kubernetes API?",
                code=response.status,
            ) from error

    @property
    def _place(self) -> str:
        return f"{self.cluster} ({self._connection.host})" if self._connection else self.cluster

    def _explain(self, error: Exception) -> ClusterError:
        """An error without the address and headers that the library's own text may quote."""
        return ClusterUnreachableError(
            f"Cluster {self._place} does not answer: {_cause(error)}.",
            remedy="Check that it runs and that this machine reaches it.",
        )


def _address(path: str, query: Query | None) -> str:
    if not query:
        return path
    pairs = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
    return f"{path}?{urlencode(pairs)}"


# The first that fits; a subclass stands before its base.
_CAUSES: tuple[tuple[type[Exception], str], ...] = (
    (urllib3.exceptions.NameResolutionError, "its name is not known"),
    (urllib3.exceptions.NewConnectionError, "there is no way to it"),
    (urllib3.exceptions.ConnectTimeoutError, "no connection in time"),
    (urllib3.exceptions.ReadTimeoutError, "it stays silent"),
    (TimeoutError, "it stays silent"),
    (urllib3.exceptions.ProxyError, "the proxy on the way to it does not let us through"),
)


def _cause(error: Exception) -> str:
    if isinstance(error.__cause__, ConnectionRefusedError):
        return "the connection was refused"
    if isinstance(error, urllib3.exceptions.SSLError):
        return f"TLS failed ({error})"[:300]
    return next((text for kind, text in _CAUSES if isinstance(error, kind)), "the connection broke off")
