"""A judge that is slow to start and quick to answer, kept for the whole test run."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import IO, Any, cast

# Seconds to end after its input did; it has nothing left to do then.
PATIENCE = 10


class JudgeError(RuntimeError):
    """A judge that could not judge, which is not the same as finding nothing."""


class WarmJudge:
    """A program that answers each line of JSON with one: a list of findings, or a mapping with an `error`."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            command, env=dict(env or os.environ), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        atexit.register(self.close)

    def ask(self, question: Mapping[str, Any]) -> list[str]:
        """What it finds. Raises JudgeError when it does not answer."""
        print(json.dumps(question), file=self._input, flush=True)
        line = cast("IO[str]", self._process.stdout).readline()
        answer = json.loads(line) if line else {"error": "it ended"}
        if isinstance(answer, dict):
            raise JudgeError(f"The judge could not judge: {answer['error']}")
        return [str(each) for each in answer]

    def close(self) -> None:
        """End it: it goes when nobody can ask any more."""
        self._input.close()
        self._process.wait(PATIENCE)

    @property
    def _input(self) -> IO[str]:
        return cast("IO[str]", self._process.stdin)
