"""The ASGI application: all clusters under `/clusters/<name>`, the endpoints that break them beside."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from greenroom.local.cluster import errors
from greenroom.local.cluster.cluster import Cluster
from greenroom.local.cluster.errors import StatusError
from greenroom.local.cluster.http import admin, discovery, openapi
from greenroom.local.cluster.http.authentication import PUBLIC, anonymous_refusal, check_token
from greenroom.local.cluster.http.connection import abort_connection, refuse_connection
from greenroom.local.cluster.http.messages import answer, page_not_found, refusal
from greenroom.local.cluster.http.objects import ObjectRequests
from greenroom.local.cluster.http.target import names_served_group, parse_target

PREFIX = "/clusters/"
_LOG = logging.getLogger("greenroom.local.cluster")


class Application:
    """Serves the clusters to whoever has the token. `stop()` ends the open watches."""

    def __init__(self, clusters: Mapping[str, Cluster], token: str) -> None:
        self._clusters = clusters
        self._token = token
        self._stopping = asyncio.Event()
        self.requests = {name: ObjectRequests(cluster, self._stopping) for name, cluster in clusters.items()}

    def stop(self) -> None:
        """End the open watches."""
        self._stopping.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        request = Request(scope, receive)
        if not path.startswith(PREFIX):
            await (await self._beside(request, path))(scope, receive, send)
            return
        name, _, rest = path.removeprefix(PREFIX).partition("/")
        cluster = self._clusters.get(name)
        if cluster is None:
            await page_not_found()(scope, receive, send)
        elif cluster.reachability.state == "connected":
            await (await self._safely(request, cluster, "/" + rest))(scope, receive, send)
        else:
            await _not_reached(cluster, scope, receive)

    async def _beside(self, request: Request, path: str) -> ASGIApp:
        try:
            if path in PUBLIC:
                return Response("ok", media_type="text/plain")
            if not check_token(request, self._token):
                raise errors.unauthorized()
            if path == admin.PREFIX or path.startswith(admin.PREFIX + "/"):
                return await admin.respond(request, self._clusters, path)
        except StatusError as error:
            return refusal(error)
        return page_not_found()

    async def _safely(self, request: Request, cluster: Cluster, path: str) -> ASGIApp:
        """The answer, a 500 in the API's form when this server is at fault."""
        try:
            return await self._in_cluster(request, cluster, path)
        except ClientDisconnect:
            return Response(status_code=499)  # nobody reads it
        except Exception:  # noqa: BLE001 - logged with its trace
            _LOG.exception("%s %s failed", request.method, path)
            return refusal(StatusError(500, "InternalError", "Internal error occurred: see the simulated server's log"))

    async def _in_cluster(self, request: Request, cluster: Cluster, path: str) -> ASGIApp:
        try:
            target = parse_target(path)
            if not check_token(request, self._token) and path not in PUBLIC:
                raise anonymous_refusal(request, path, target)
            if target is not None:
                return await self.requests[cluster.name].respond(request, target)
            found = _document(request, path)
            if found is None and names_served_group(path) and path.count("/") > 1:
                raise errors.unknown_resource()
        except StatusError as error:
            return refusal(error)
        return found or page_not_found()


def _document(request: Request, path: str) -> Response | None:
    """The answer to what is not an object: probes, version, discovery, OpenAPI."""
    path = path.rstrip("/")
    if path in {"/healthz", "/livez", "/readyz"}:
        return Response("ok", media_type="text/plain")
    if path == "/version":
        return answer(discovery.version())
    if path.startswith("/openapi/v3"):
        rest = path.removeprefix("/openapi/v3").strip("/")
        described = openapi.document(rest) if rest else openapi.index()
        return answer(described) if described else None
    return _discovery(request, path)


def _discovery(request: Request, path: str) -> Response | None:
    aggregated = discovery.wants_aggregated(request.headers.get("accept", ""))
    if path in {"/api", "/apis"} and aggregated:
        content = discovery.aggregated(core=path == "/api")
        return answer(content, content_type=discovery.AGGREGATED_TYPE)
    plain = {"/api": discovery.core_versions, "/apis": discovery.group_list}.get(path)
    if plain is not None:
        return answer(plain())
    parts = path.strip("/").split("/")
    match parts:
        case ["api", version]:
            found = discovery.resource_list("", version)
        case ["apis", group]:
            found = discovery.group(group)
        case ["apis", group, version]:
            found = discovery.resource_list(group, version)
        case _:
            found = None
    return answer(found) if found else None


async def _not_reached(cluster: Cluster, scope: Scope, receive: Receive) -> None:
    """No answer at all: the connection is cut, or stays silent until the cluster is back or the client gives up."""
    if cluster.reachability.state == "refused":
        await refuse_connection(scope, receive)
        return
    leaving = asyncio.create_task(refuse_on_leave(receive))
    waiting = asyncio.create_task(cluster.reachability.wait_until_connected())
    _, pending = await asyncio.wait({leaving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    if not leaving.done() or leaving.cancelled():
        await refuse_connection(scope, receive)
    abort_connection(scope)


async def refuse_on_leave(receive: Receive) -> None:
    """Return once the client has left."""
    while (await receive())["type"] != "http.disconnect":
        pass
