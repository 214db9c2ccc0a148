"""The probes that Backstage-style deployments expect: alive, and ready to be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import structlog
from starlette.responses import JSONResponse, Response

from foundation.web.plugin import Plugin

log = structlog.get_logger("web")

LIVENESS = "/.backstage/health/v1/liveness"
READINESS = "/.backstage/health/v1/readiness"
# Seconds. Kubernetes gives a probe 1 to 10; an answer that takes longer is no answer.
PATIENCE = 5.0


def liveness() -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


class Readiness:
    """Asks the plugins whether they are ready; each is asked once at a time, so one that hangs takes one thread."""

    def __init__(self, plugins: Sequence[Plugin]) -> None:
        self._plugins = plugins
        self._asking: dict[str, asyncio.Task[Mapping[str, str]]] = {}

    async def response(self, state: str) -> Response:
        """200 where the server is `started` and every plugin ready; else 503 with what is not, and why."""
        if state != "started":
            return JSONResponse({"status": "error", "message": f"The server is {state}."}, 503)
        answers = await asyncio.gather(*(self._ask(plugin) for plugin in self._plugins))
        waiting = {plugin.id: dict(answer) for plugin, answer in zip(self._plugins, answers, strict=True) if answer}
        if not waiting:
            return JSONResponse({"status": "ok"})
        message = "; ".join(f"{name}: {why}" for answer in waiting.values() for name, why in answer.items())
        return JSONResponse({"status": "error", "message": message, "components": waiting}, 503)

    async def _ask(self, plugin: Plugin) -> Mapping[str, str]:
        asking = self._asking.get(plugin.id)
        if asking is None or asking.done():
            asking = self._asking[plugin.id] = asyncio.create_task(asyncio.to_thread(plugin.readiness))
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(asking)
        except TimeoutError:
            return {plugin.id: f"gave no answer within {PATIENCE:.0f} s"}
        except Exception:
            log.exception("readiness check failed", plugin=plugin.id)
            return {plugin.id: "its readiness check failed"}
