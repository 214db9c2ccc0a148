"""The actions registry over HTTP, below `/api/<id>/.backstage/actions/`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from foundation.backstage.actions import ActionsRegistry
from foundation.errors import InputError
from foundation.jsontypes import Json
from foundation.web.body_limit import JSON_LIMIT, read_body
from foundation.web.current import caller
from foundation.web.exchange import exchange_of
from foundation.web.json_bodies import parse_json

PREFIX = "/.backstage/actions/"
_LIST = re.compile(r"/\.backstage/actions/v1/actions/?")
_INVOKE = re.compile(r"/\.backstage/actions/(v1|v2)/actions/([^/]+)/invoke")
# As many threads as Connexion gives Flask: an action that hangs must not take those of another plugin.
THREADS = 10


class RegistryEndpoint:
    """Lists and invokes the actions of one plugin."""

    def __init__(self, registry: ActionsRegistry) -> None:
        self.registry = registry
        self.limiter: CapacityLimiter | None = None

    async def __call__(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request for `path`, which is relative to the plugin."""
        exchange = exchange_of(scope)
        if _LIST.fullmatch(path):
            exchange.route = "/.backstage/actions/v1/actions"
            _require(scope, "GET")
            response = Response(self.registry.listing, media_type="application/json")
        elif found := _INVOKE.fullmatch(path):
            exchange.route = f"/.backstage/actions/{found[1]}/actions/{{id}}/invoke"
            _require(scope, "POST")
            given = await _read_input(found[1], scope, receive)
            response = await self._invoke(found[2], given)
        else:
            raise HTTPException(404, f"{scope['path'][:200]} is not here.")
        await response(scope, receive, send)

    async def _invoke(self, action_id: str, given: Json) -> Response:
        self.limiter = self.limiter or CapacityLimiter(THREADS)
        output = await anyio.to_thread.run_sync(self.registry.invoke, action_id, given, caller(), limiter=self.limiter)
        body = json.dumps({"output": output}, separators=(",", ":"), allow_nan=False)
        return Response(body.encode(), media_type="application/json")


def _require(scope: Scope, method: str) -> None:
    if scope["method"] != method:
        raise HTTPException(405, f"Use {method} here.", headers={"Allow": method})


async def _read_input(version: str, scope: Scope, receive: Receive) -> Json:
    """The action's input: the body itself in v1, its `input` in v2 (whose `secrets` no action here takes)."""
    content_type = Headers(scope=scope).get("content-type", "application/json")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "The input of an action is application/json.")
    body = parse_json(await read_body(receive, JSON_LIMIT) or b"{}")
    if version == "v1":
        return body
    if not isinstance(body, Mapping):
        raise InputError("The body is not an object.", remedy='Send {"input": …}.')
    return body.get("input", {})
