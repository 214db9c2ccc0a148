"""How the platform asks a container how it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

from foundation.jsontypes import JsonObject
from foundation.service import Service
from scaffolder_actions.workload.ports import MAIN_PORT


@dataclass(frozen=True)
class _Pace:
    """How often a probe asks, how long it waits for an answer, and how many bad ones in a row count; in seconds."""

    period: int
    timeout: int
    failures: int

    def probe(self, way: JsonObject) -> JsonObject:
        return {
            **way,
            "periodSeconds": self.period,
            "timeoutSeconds": self.timeout,
            "failureThreshold": self.failures,
        }


# Out of balance after 15 s of failing, which is long enough for a hiccup.
_READINESS = _Pace(5, 2, 3)
# A restart is the last resort: a minute of failing, long after requests were sent elsewhere.
_LIVENESS = _Pace(10, 2, 6)
# A command starts a program each time, which on a tenth of a processor takes seconds: less often, and with more time.
_COMMANDED_READINESS = _Pace(15, 10, 2)
_COMMANDED_LIVENESS = _Pace(30, 10, 3)
# Seconds between looks at a pod that starts: often, so that a quick start is not held up.
_START_PERIOD = 2
_COMMANDED_START_PERIOD = 5


def probes(service: Service) -> dict[str, JsonObject]:
    """The container's probes by their fields; none for a job, which ends by itself, and for what cannot be asked.

    A command, where one is given, asks in place of HTTP. Readiness is asked of what others are sent to; a start is over
    for liveness' question, so that a dependency that readiness may look at holds no start up.
    """
    asked = service.probes
    if service.type == "job":
        return {}
    if asked.command:
        command: JsonObject = {"exec": {"command": list(asked.command)}}
        found = {
            "startupProbe": _start(asked.start_seconds, _COMMANDED_START_PERIOD, 10).probe(command),
            "livenessProbe": _COMMANDED_LIVENESS.probe(command),
        }
        return found if service.port is None else {**found, "readinessProbe": _COMMANDED_READINESS.probe(command)}
    if service.port is None:
        return {}
    return {
        "startupProbe": _start(asked.start_seconds, _START_PERIOD, 2).probe(_request(asked.liveness_path)),
        "readinessProbe": _READINESS.probe(_request(asked.path)),
        "livenessProbe": _LIVENESS.probe(_request(asked.liveness_path)),
    }


def _request(path: str) -> JsonObject:
    return {"httpGet": {"path": path, "port": MAIN_PORT}}


def _start(seconds: int, period: int, timeout: int) -> _Pace:
    return _Pace(period, timeout, math.ceil(seconds / period))
