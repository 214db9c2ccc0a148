"""How long `make up` takes when everything is installed, and how much memory the idle server has.

    python benchmarks/local_platform.py

Starts the whole platform on ports of its own with state in a temporary folder: once new, once again, as after
`make down`. Prints both, and the memory of the Python server (all its processes) after a quiet half minute; exits 1
above the goals.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import psutil
import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from greenroom.local.layout import Layout
from greenroom.local.platform import LocalPlatform
from tests.running_platform import eventually, free_ports

# Seconds from the command to a portal that shows a service: someone who waits longer opens another tab.
GOAL_SECONDS = 40.0
# MB. A platform should fit beside everything else on a laptop with 8 GB.
GOAL_MEGABYTES = 250.0
QUIET_SECONDS = 30


def main() -> int:
    """Measure and print; 0 when the goals are met."""
    with tempfile.TemporaryDirectory() as folder:
        layout = Layout(Path(folder), free_ports())
        local = LocalPlatform(layout)
        try:
            first = _seconds_until_usable(local, layout)
            local.down(_quiet)
            again = _seconds_until_usable(local, layout)
            time.sleep(QUIET_SECONDS)
            memory = _megabytes(local)
        finally:
            local.down(_quiet)
    print(f"local_platform new     {first:6.1f} s until the portal shows order-api")
    print(
        f"local_platform again   {again:6.1f} s (goal: {GOAL_SECONDS:.0f} s), {first / again:.1f} times faster than new"
    )
    print(f"server_memory idle     {memory:6.1f} MB in all its processes (goal: {GOAL_MEGABYTES:.0f} MB)")
    return 0 if again <= GOAL_SECONDS and memory <= GOAL_MEGABYTES else 1


def _seconds_until_usable(local: LocalPlatform, layout: Layout) -> float:
    started = time.monotonic()
    local.up(_quiet)
    eventually(lambda: _shows_order_api(layout.ports.url("portal")), "order-api in the portal")
    return time.monotonic() - started


def _shows_order_api(portal: str) -> bool:
    guest = requests.post(f"{portal}/api/auth/guest/refresh", json={}, timeout=10)
    token = guest.json()["backstageIdentity"]["token"]
    entity = f"{portal}/api/catalog/entities/by-name/component/default/order-api"
    return requests.get(entity, headers={"Authorization": f"Bearer {token}"}, timeout=10).ok


def _megabytes(local: LocalPlatform) -> float:
    process = local.processes.running("server")
    assert process is not None
    family = [process, *process.children(recursive=True)]
    return sum(_bytes(each) for each in family) / 1e6


def _bytes(process: psutil.Process) -> int:
    """The share of memory that is this process's: pages that it shares count in parts, where the system tells."""
    full = process.memory_full_info()
    return int(getattr(full, "pss", 0) or full.rss)


def _quiet(_text: str) -> None:
    """Say nothing."""


if __name__ == "__main__":
    sys.exit(main())
