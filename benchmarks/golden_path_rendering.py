"""A golden path rendered by the warm worker, against the `cookiecutter` command, in turn in the same run.

    python benchmarks/golden_path_rendering.py [rounds]

Both render `cookiecutters/python-service` with the same values into empty folders. Prints the best and the median of
each and how many times faster the worker's best is; exits 1 below the goal. The best is compared, as `timeit` advises:
what is slower than it is the machine's other work.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from scaffolder_actions.golden_paths import GoldenPathRenderer

GOLDEN_PATH = Path(__file__).parent.parent / "cookiecutters" / "python-service"
VALUES = {"name": "payment-api", "team": "commerce", "description": "Takes payments."}
# Times faster. A person who waits for a form notices the command, and does not notice a twentieth of it.
GOAL = 20.0
ROUNDS = 15


def main() -> int:
    """Measure and print; 0 when the goal is met."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    renderer = GoldenPathRenderer()
    started = _seconds(renderer.start)
    warm: list[float] = []
    command: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)

        def render(into: Path) -> None:
            renderer.render(GOLDEN_PATH, VALUES, into)

        first = _seconds(lambda: render(home / "first"))
        for turn in range(rounds):
            command.append(_seconds(lambda: _run_command(home, home / f"command-{turn}")))  # noqa: B023  runs at once
            # Several for one: they are short, and one alone is at the mercy of the machine.
            warm += [_seconds(lambda: render(home / f"warm-{turn}-{n}")) for n in range(5)]  # noqa: B023
    renderer.stop()
    ratio = min(command) / min(warm)
    print(f"start of the worker   {started * 1000:7.1f} ms, first rendering {first * 1000:.1f} ms")
    print(f"cookiecutter command  {_figures(command)}")
    print(f"warm worker           {_figures(warm)}")
    print(f"golden_path_rendering {ratio:7.1f} times faster (goal: {GOAL:.0f})")
    return 0 if ratio >= GOAL else 1


def _figures(seconds: list[float]) -> str:
    best, median = min(seconds) * 1000, statistics.median(seconds) * 1000
    return f"{best:7.1f} ms at best, {median:.1f} ms in the median of {len(seconds)}"


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _run_command(home: Path, output: Path) -> None:
    program = Path(sysconfig.get_path("scripts")) / "cookiecutter"
    values = [f"{name}={value}" for name, value in VALUES.items()]
    subprocess.run(
        [program, "--no-input", "--output-dir", output, GOLDEN_PATH, *values],
        check=True,
        env={"HOME": str(home), "LANG": "C.UTF-8"},
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    sys.exit(main())
