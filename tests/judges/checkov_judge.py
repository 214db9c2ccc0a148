"""Runs in checkov's own environment: a line of JSON in, a line of JSON out.

In: `framework` and `folder`. Out: the checks that fail, or an `error`.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any


def main() -> None:
    """Answer until the input ends."""
    answers = os.fdopen(os.dup(1), "w")
    # Whatever checkov prints must not stand between answers.
    os.dup2(2, 1)
    for line in sys.stdin:
        try:
            answer: Any = judged(**json.loads(line))
        except Exception as error:  # noqa: BLE001  whatever it is, the one who asked is told
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


def judged(framework: str, folder: str) -> list[str]:
    """The failed checks on the files in `folder`, in their order."""
    runner = importlib.import_module(f"checkov.{framework}.runner").Runner()
    chosen = importlib.import_module("checkov.runner_filter").RunnerFilter(framework=[framework])
    report = runner.run(root_folder=folder, runner_filter=chosen)
    found = [f"{file}: checkov cannot read it" for file in report.parsing_errors]
    if not (report.passed_checks or report.failed_checks):
        found.append("checkov looked at nothing")
    return found + sorted({f"{each.check_id} {each.resource}: {each.check_name}" for each in report.failed_checks})


if __name__ == "__main__":
    main()
