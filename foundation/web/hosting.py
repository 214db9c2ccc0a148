"""One ASGI application for all plugins: the layers that every request passes, and the way to its plugin."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from foundation.backstage.actions import ActionsRegistry
from foundation.backstage.keys import KeySets
from foundation.backstage.tokens import TokenVerifier
from foundation.settings import Settings
from foundation.web import metrics, probes
from foundation.web.access import PROBES, AccessLog
from foundation.web.application import create_application
from foundation.web.authentication import Authentication
from foundation.web.body_limit import BodyLimit
from foundation.web.exchange import exchange_of
from foundation.web.lifecycle import Lifecycle
from foundation.web.paths import PathTemplate, most_literal_first
from foundation.web.plugin import Plugin
from foundation.web.problems import Problems
from foundation.web.registry import PREFIX, RegistryEndpoint
from foundation.web.request_ids import HEADER, RequestIds
from foundation.web.request_line import RequestLine
from foundation.web.sharing import SharedPlugin
from foundation.web.specification import Specification
from foundation.web.streams import StreamEndpoint, StreamGate

# Seconds for which a browser may remember a preflight's answer; Chromium's own limit.
PREFLIGHT_SECONDS = 7200


class Host:
    """The ASGI application. Each plugin lives below `/api/<its id>`, in this process or another of the same server."""

    def __init__(self, plugins: Sequence[Plugin], settings: Settings) -> None:
        gate = StreamGate()
        alone = settings.server.workers == 1
        self._shared = {
            each.id: SharedPlugin(each, settings.state.directory, gate) for each in plugins if each.once and not alone
        }
        started = [self._shared[each.id].plugin if each.id in self._shared else each for each in plugins]
        self.lifecycle = Lifecycle(started, gate)
        self._readiness = probes.Readiness(started)
        verifier = TokenVerifier(settings.backstage, KeySets())
        self._here = {each.id: _guarded(PluginEndpoint(each, gate), verifier, settings) for each in plugins}
        self._elsewhere = {
            name: RequestLine(BodyLimit(each.forwarder, settings.server.body_limit))
            for name, each in self._shared.items()
        }
        answering = Problems(self._serve)
        self._pipeline = RequestIds(AccessLog(_cross_origin(answering, settings)))
        # The process that a page is connected to says what its origin may read.
        self._behind = RequestIds(AccessLog(answering))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for each in self._shared.values():
                each.open_with(self._behind, asyncio.get_running_loop())
            await self.lifecycle(receive, send)
        elif scope["type"] == "http":
            await self._pipeline(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    def stopping(self) -> None:
        """End the open streams, for a server that is stopped in another way than by a signal."""
        self.lifecycle.stopping()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._open_to_all(scope)
        if response is not None:
            await response(scope, receive, send)
            return
        name = next((each for each in self._here if scope["path"].startswith(f"/api/{each}/")), None)
        if name is None:
            raise HTTPException(404, f"{scope['path'][:200]} is not here.")
        exchange_of(scope).plugin = name
        shared = self._shared.get(name)
        application = (self._elsewhere if shared and not shared.leads else self._here)[name]
        await application(scope, receive, send)

    async def _open_to_all(self, scope: Scope) -> Response | None:
        """The answer of a probe or of `/metrics`, which need no token."""
        path = scope["path"]
        if path not in (probes.LIVENESS, probes.READINESS, metrics.PATH) or scope["method"] not in ("GET", "HEAD"):
            return None
        exchange = exchange_of(scope)
        exchange.plugin, exchange.route = PROBES, path
        if path == probes.LIVENESS:
            return probes.liveness()
        if path == probes.READINESS:
            return await self._readiness.response(self.lifecycle.state)
        return metrics.metrics_response()


def _cross_origin(application: ASGIApp, settings: Settings) -> ASGIApp:
    """Let the app's pages call from their origin, with a token in a header; cookies are of no use here."""
    return CORSMiddleware(
        application,
        allow_origins=settings.backstage.app_origins,
        allow_methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Last-Event-ID", HEADER],
        expose_headers=[HEADER, "Retry-After"],
        max_age=PREFLIGHT_SECONDS,
    )


def _guarded(application: ASGIApp, verifier: TokenVerifier, settings: Settings) -> ASGIApp:
    """What stands before a plugin: the request's form, who is calling, how much is sent."""
    bounded = BodyLimit(application, settings.server.body_limit)
    plugin_id = application.plugin.id  # type: ignore[attr-defined]
    return RequestLine(Authentication(bounded, verifier, plugin_id))


class PluginEndpoint:
    """Sends a request on to the plugin's streams, its actions, its document or its Connexion application."""

    def __init__(self, plugin: Plugin, gate: StreamGate) -> None:
        specification = Specification(plugin)
        self.plugin = plugin
        self._document = specification.published
        self._registry = RegistryEndpoint(ActionsRegistry(plugin.id, plugin.actions)) if plugin.actions else None
        self._streams = [
            (template, StreamEndpoint(plugin.streams[template.template], gate))
            for template in most_literal_first(plugin.streams)
        ]
        self._routes: list[PathTemplate] = most_literal_first(specification.methods)
        self._methods = specification.methods
        self._connexion = create_application(plugin, specification)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].removeprefix(f"/api/{self.plugin.id}")
        exchange = exchange_of(scope)
        for template, stream in self._streams:
            found = template.match(path)
            if found is not None:
                exchange.route = template.template
                if scope["method"] != "GET":
                    raise HTTPException(405, "Use GET here.", headers={"Allow": "GET"})
                await stream(found, scope, receive, send)
                return
        if self._registry and path.startswith(PREFIX):
            await self._registry(path, scope, receive, send)
        elif path == "/openapi.json" and scope["method"] == "GET":
            exchange.route = path
            await Response(self._document, media_type="application/json")(scope, receive, send)
        else:
            exchange.route = self._route(path, scope)
            allowed = self._methods[exchange.route]
            if scope["method"] not in allowed and not (scope["method"] == "HEAD" and "GET" in allowed):
                # Connexion has a route for each operation, and would name the methods of the first alone.
                raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
            await self._connexion(scope, receive, send)

    def _route(self, path: str, scope: Scope) -> str:
        """The template that Connexion will serve `path` by: it would answer the like of it with a redirect."""
        for route in self._routes:
            if route.match(path) is not None:
                return route.template
        raise HTTPException(404, f"{scope['path'][:200]} is not here.")
