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


async def readiness(plugins: Sequence[Plugin], state: str) -> Response:
    """200 where the server is `started` and every plugin ready; else 503 with the components that are not, and why."""
    if state != "started":
        return JSONResponse({"status": "error", "message": f"The server is {state}."}, 503)
    answers = await asyncio.gather(*(_ask(plugin) for plugin in plugins))
    waiting = {plugin.id: dict(answer) for plugin, answer in zip(plugins, answers, strict=True) if answer}
    if not waiting:
        return JSONResponse({"status": "ok"})
    message = "; ".join(f"{name}: {why}" for answer in waiting.values() for name, why in answer.items())
    return JSONResponse({"status": "error", "message": message, "components": waiting}, 503)


async def _ask(plugin: Plugin) -> Mapping[str, str]:
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.to_thread(plugin.readiness)
    except TimeoutError:
        return {plugin.id: f"gave no answer within {PATIENCE:.0f} s"}
    except Exception:
        log.exception("readiness check failed", plugin=plugin.id)
        return {plugin.id: "its readiness check failed"}
