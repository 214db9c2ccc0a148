"""The process that renders: reads a request a line on standard input, answers a line on standard output.

Request: `{"folder": path, "values": {…}, "output": path}`. Answer: `{"name": text}` or `{"error": text}`. The first
line that it writes is `{"ready": true}`. It ends when its input does.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import TextIO


def main() -> None:
    """Serve requests until there are no more."""
    answers = _own_standard_output()
    # From here on: what is imported is there before the limits and the hook are.
    from scaffolder_actions.golden_paths.confinement import Confinement
    from scaffolder_actions.golden_paths.project import ProjectError, render_project
    from scaffolder_actions.golden_paths.substitutes import substitute

    _import_extensions()
    substitute()
    # What is loaded by now stays: looking through it for garbage would cost more than rendering.
    gc.freeze()
    confinement = Confinement()
    confinement.enforce()
    _say(answers, {"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        output = Path(request["output"])
        try:
            with confinement.writing_into(output):
                _say(answers, {"name": render_project(Path(request["folder"]), request["values"], output)})
        except ProjectError as error:
            _say(answers, {"error": str(error)})


def _own_standard_output() -> TextIO:
    # What a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers


def _import_extensions() -> None:
    """Load what cookiecutter and Jinja import on first use."""
    from cookiecutter.prompt import create_env_with_context

    create_env_with_context({}).from_string("{% now 'utc' %}{{ 'a' | slugify }}").render()


def _say(answers: TextIO, answer: dict[str, object]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
