"""A Service document compiled into everything that its service needs, against cdk8s for the part that cdk8s makes.

    python benchmarks/compiling.py [services]

Prints the time of one service with two environments in a warm process, of a thousand different ones with the memory
they take, of `greenroom service render` as a command, and of Deployment, Service, HPA and PDB alone beside cdk8s
synthesising the same objects; exits 1 below a goal. cdk8s is installed into `.tools/cdk8s` once.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import psutil

from foundation.jsontypes import JsonObject
from foundation.service import load_service
from foundation.settings import PlatformSettings
from foundation.yaml_text import as_yaml
from greenroom import bootstrap
from greenroom.local.portal import environment
from scaffolder_actions.workload import RenderedFile, compile_environment, render_service

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "examples" / "order-api" / "service.yaml"
CDK8S = HERE.parent / ".tools" / "cdk8s"
# The newest release when this was written.
CDK8S_VERSION = "2.70.115"
PLATFORM = PlatformSettings()
# What both make of a service.
SHARED = ("Deployment", "Service", "HorizontalPodAutoscaler", "PodDisruptionBudget")
# Milliseconds: a page that shows what was typed feels instant below a tenth of a second.
GOAL_ONE = 50.0
# Seconds for a thousand services: a release is proposed to a whole company during one coffee.
GOAL_ALL = 15.0
# Seconds: a command that takes longer is not run before each commit.
GOAL_COMMAND = 0.8
# MiB between the two hundredth and the thousandth service: what one takes is given back.
GOAL_GROWTH = 8.0
SETTLED = 200
ROUNDS = 30


def main() -> int:
    """Measure and print; 0 when every goal is met."""
    services = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    text = SAMPLE.read_text(encoding="utf-8")
    one = [1000 * _seconds(lambda: compile_all(text)) for _ in range(ROUNDS)]
    print(f"one service, warm       {min(one):7.1f} ms at best, {statistics.median(one):.1f} ms in the median")
    seconds, growth = many(services)
    rate = seconds / services * 1000
    print(
        f"{services} services         {seconds:9.1f} s of one core, {rate:.1f} ms each, {growth:+.1f} MiB from the {SETTLED}th on"
    )
    command = [_seconds(run_command) for _ in range(5)]
    print(f"as a command            {min(command):7.2f} s at best, {statistics.median(command):.2f} s in the median")
    ours, theirs = against_cdk8s(text)
    ratio = min(theirs) / min(ours)
    print(
        f"four objects            {1000 * min(ours):7.2f} ms here, {1000 * min(theirs):.2f} ms by cdk8s {CDK8S_VERSION}"
    )
    print(f"compiling               {ratio:7.1f} times faster (goal: ahead)")
    reached = (
        min(one) <= GOAL_ONE
        and seconds * 1000 / services <= GOAL_ALL
        and min(command) <= GOAL_COMMAND
        and growth <= GOAL_GROWTH
        and ratio > 1
    )
    return 0 if reached else 1


def compile_all(text: str) -> Mapping[str, RenderedFile]:
    """From the text of a document to the text of every file, in both environments."""
    service = load_service(text, "service.yaml", PLATFORM)
    return render_service(service, dict.fromkeys(service.environments, "1.4.2"), PLATFORM)


def many(services: int) -> tuple[float, float]:
    """The seconds of one core for so many services, no two alike, and the MiB that memory grew once it had settled."""
    process = psutil.Process()
    settled = 0
    # What this process took: what else the machine does at the time is not the compiler's.
    started = time.process_time()
    for number in range(services):
        compile_all(document(number))
        if number == min(SETTLED, services // 2):
            settled = process.memory_info().rss
    return time.process_time() - started, (process.memory_info().rss - settled) / 2**20


def document(number: int) -> str:
    """A document; what it needs and how it is reached differs with its number."""
    kinds = ("postgresql", "redis", "s3", "sqs")
    spec: dict[str, Any] = {
        "language": ("python", "typescript", "go")[number % 3],
        "resources": {"cpu": ("small", "medium", "large")[number % 3], "memory": "medium"},
        "dependencies": [{"type": kind} for place, kind in enumerate(kinds) if number >> place & 1],
        "deployment": {"replicas": {"min": 2 + number % 3, "max": 10 + number % 7}},
        "exposure": {"visibility": ("internal", "public", "none")[number % 3]},
        "objectives": {"availability": 99.9, "latency": {"milliseconds": 500}},
    }
    metadata = {"name": f"service-{number}", "team": f"team-{number % 40}"}
    return json.dumps({"apiVersion": "platform.company.com/v1", "kind": "Service", "metadata": metadata, "spec": spec})


def run_command() -> None:
    """`greenroom service render`, from nothing to the end."""
    command = Path(sys.executable).parent / "greenroom"
    with tempfile.TemporaryDirectory() as folder:
        arguments = [str(command), "service", "render", str(SAMPLE), "--version", "1.4.2", "--output-folder", folder]
        subprocess.run(arguments, check=True, capture_output=True)


def against_cdk8s(text: str) -> tuple[list[float], list[float]]:
    """Seconds for the four objects, here and by cdk8s, in warm processes."""
    service = load_service(text, "service.yaml", PLATFORM)

    def shared() -> list[JsonObject]:
        objects = compile_environment(service, "staging", "1.4.2", PLATFORM).objects
        return [each for each in objects if each["kind"] in SHARED]

    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as objects:
        json.dump(shared(), objects)
        objects.flush()
        theirs = _run_cdk8s(Path(objects.name))
    # Here the whole environment is compiled for them, and the four are written.
    ours = [_seconds(lambda: [as_yaml(each) for each in shared()]) for _ in range(ROUNDS)]
    return ours, theirs


def _run_cdk8s(objects: Path) -> list[float]:
    python = CDK8S / "bin" / "python"
    if not python.exists():
        bootstrap.run(sys.executable, "-m", "venv", "--clear", str(CDK8S))
        bootstrap.run(str(python), "-m", "pip", "install", "--quiet", f"cdk8s=={CDK8S_VERSION}")
    # cdk8s is written in TypeScript and looks for Node on the path.
    variables = {**os.environ, "PATH": environment()["PATH"]}
    arguments = [str(python), str(HERE / "baselines" / "cdk8s_synthesis.py"), str(objects), str(ROUNDS)]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True, env=variables)
    seconds: list[float] = json.loads(done.stdout)
    return seconds


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
