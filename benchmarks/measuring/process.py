"""Functions in fresh processes, so that nothing measured before is still in memory."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from typing import ParamSpec, TypeVar

Given = ParamSpec("Given")
Result = TypeVar("Result")


def cores() -> tuple[int | None, int | None]:
    """A processor for what is measured and one for the rest; None where the system does not let us choose."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    found = sorted(os.sched_getaffinity(0))
    return found[0], found[-1]


def on_core(core: int | None) -> None:
    """Keep this process, with all its threads, on one processor."""
    if core is not None:
        os.sched_setaffinity(0, {core})


def in_own_process(function: Callable[Given, Result], *args: Given.args, **named: Given.kwargs) -> Result:
    """What `function` gives, called in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *args, **named).result()
