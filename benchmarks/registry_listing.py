"""How long a look-up of actions takes at the server: the scaffolder asks before every step of a task.

50 actions with schemas of ordinary size, asked through every layer of the host (token, request id, log, metrics).
The baseline does in the same host what a registry without preparation does: it checks each schema and serialises
the whole list for each request. Prints both and their ratio; fails where p99 passes the limit.

Usage: python benchmarks/registry_listing.py [requests]
"""

from __future__ import annotations

import asyncio
import json
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from jsonschema import Draft202012Validator
from starlette.types import ASGIApp

from foundation.backstage.actions import ActionsRegistry, describe
from foundation.jsontypes import Json
from foundation.logging import configure_logging
from foundation.settings import BackstageSettings, Secret, Settings, StaticToken
from foundation.web import Plugin, RegistryAction, host

ACTIONS = 50
# Milliseconds, from the product's figures.
LIMIT = 5.0
TOKEN = "a-token-of-the-benchmark"  # noqa: S105
LISTING = "/api/bench/.backstage/actions/v1/actions"
SPECIFICATION = 'openapi: 3.0.3\ninfo: {title: Bench, version: "1"}\npaths: {}\n'


def action(index: int) -> RegistryAction:
    """An action with ten inputs, as those for a service document or a plan have."""
    properties: dict[str, Json] = {
        f"field{number}": {
            "type": "string",
            "title": f"Field {number}",
            "description": "What it is for, in a sentence of ordinary length, with an example of it.",
            "pattern": "^[a-z][a-z0-9-]*$",
            "examples": ["order-api", "payment-api"],
        }
        for number in range(10)
    }
    schema: dict[str, Json] = {"type": "object", "properties": properties, "required": ["field0"]}
    return RegistryAction(
        name=f"action-{index}",
        title=f"Action {index}",
        description="Does one thing, and says here in two sentences what. This is the second.",
        input=schema,
        output=schema,
        invoke=lambda given, _caller: given,
        examples=[{"title": "The common case", "input": {"field0": "order-api"}}],
    )


class UnpreparedRegistry(ActionsRegistry):
    """The baseline: everything anew for each look-up."""

    def __init__(self, plugin_id: str, actions: Sequence[RegistryAction]) -> None:
        self._plugin_id = plugin_id
        self._all = actions

    @property
    def listing(self) -> bytes:  # type: ignore[override]
        """Every schema checked, the whole list serialised."""
        entries = []
        for each in self._all:
            Draft202012Validator.check_schema(dict(each.input))
            Draft202012Validator.check_schema(dict(each.output))
            entries.append(describe(self._plugin_id, each))
        return json.dumps({"actions": entries}).encode()


async def ask(application: ASGIApp) -> int:
    """One look-up, through ASGI and without a socket; gives the size of the answer."""
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": LISTING,
        "raw_path": LISTING.encode(),
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {TOKEN}".encode())],
    }
    size = 0

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal size
        assert message.get("status", 200) == 200, message
        size += len(message.get("body", b""))

    await application(scope, receive, send)
    return size


async def measure(application: ASGIApp, requests: int) -> tuple[list[float], int]:
    """Milliseconds of each request, and the size of an answer."""
    size = await ask(application)
    times = []
    for _ in range(requests):
        began = time.perf_counter()
        await ask(application)
        times.append((time.perf_counter() - began) * 1000)
    return times, size


def show(name: str, times: list[float]) -> tuple[float, float]:
    """Print and give the median and the 99th percentile."""
    cuts = statistics.quantiles(times, n=100)
    print(f"{name:<44} p50 {cuts[49]:8.3f} ms   p99 {cuts[98]:8.3f} ms")
    return cuts[49], cuts[98]


def main(requests: int) -> int:
    """Measure both; 1 where the limit is passed."""
    actions = [action(index) for index in range(ACTIONS)]
    settings = Settings(backstage=BackstageSettings(static_tokens=(StaticToken("bench", Secret(TOKEN)),)))
    with tempfile.TemporaryDirectory() as folder:
        specification = Path(folder) / "openapi.yaml"
        specification.write_text(SPECIFICATION)
        configure_logging("info")
        # Lines are made and formatted as in production, and go nowhere.
        for handler in logging.getLogger().handlers:
            assert isinstance(handler, logging.StreamHandler)
            handler.setStream((Path(folder) / "log").open("w"))
        prepared = host([Plugin("bench", specification, {}, actions=actions)], settings)
        with patch("foundation.web.hosting.ActionsRegistry", UnpreparedRegistry):
            unprepared = host([Plugin("bench", specification, {}, actions=actions)], settings)
        times, size = asyncio.run(measure(prepared, requests))
        naive, _ = asyncio.run(measure(unprepared, max(20, requests // 50)))
    print(f"{ACTIONS} actions, {size / 1024:.0f} KiB, {requests} look-ups one after the other")
    median, worst = show("served as prepared at the start", times)
    baseline, _ = show("baseline: checked and serialised each time", naive)
    print(f"ratio of the medians: {baseline / median:.0f} times faster; limit for p99: {LIMIT} ms")
    return int(worst > LIMIT)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))
