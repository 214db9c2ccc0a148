"""Golden paths rendered by a warm worker, and a new one when that one is gone."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from foundation.golden_path import load_golden_path, validate_values
from scaffolder_actions.golden_paths.delivery import Finish, deliver
from scaffolder_actions.golden_paths.errors import RenderingError
from scaffolder_actions.golden_paths.process import WorkerProcess

# Seconds. A rendering takes some 10 ms; a machine that is very busy still makes this.
TIMEOUT = 30.0


@dataclass(frozen=True)
class Rendered:
    """`name` is the project's own folder name; `files` are the paths of its files inside that folder, sorted."""

    name: str
    files: tuple[str, ...]


class GoldenPathRenderer:
    """Renders golden paths, one at a time, for any number of threads.

    `start` saves the first caller the start of the worker (0.3 s); without it, that happens on the first rendering.
    Call both `start` and `stop` in the process that renders: a worker does not survive a fork of its parent.
    """

    def __init__(self, *, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._lock = threading.Lock()
        self._worker: WorkerProcess | None = None
        self._home: tempfile.TemporaryDirectory[str] | None = None

    def start(self) -> None:
        """Start the worker. Raises RendererUnavailableError when it does not come up."""
        with self._lock:
            self._living_worker()

    def stop(self) -> None:
        """End the worker and remove what it had on disk; rendering again starts another one."""
        with self._lock:
            if self._worker is not None:
                self._worker.stop()
                self._worker = None
            if self._home is not None:
                self._home.cleanup()
                self._home = None

    def render(
        self,
        golden_path_folder: Path,
        values: Mapping[str, object],
        into: Path,
        finish: Finish | None = None,
    ) -> Rendered:
        """Render a golden path with `values`, and put the files of the project into the folder `into`.

        `finish` adds what is not the golden path's own, in the project's folder, before it is put there. Raises
        GoldenPathError for a folder that is none, ValuesError for values that do not fit, RenderingError for templates
        that fail, take too long or write where they may not, and what `finish` raises. Nothing is put into `into` then.
        """
        golden_path = load_golden_path(golden_path_folder)
        checked = validate_values(golden_path, values)
        with self._lock:
            worker = self._living_worker()
            assert self._home is not None  # noqa: S101  a living worker has one
            # The same place each time: cookiecutter compiles paths as templates, and the worker keeps what it compiled.
            output = Path(self._home.name) / "output"
            output.mkdir()
            try:
                request = {"folder": str(golden_path.folder), "values": checked, "output": str(output)}
                answer = worker.ask(request, self._timeout)
                if "error" in answer:
                    raise RenderingError(f"{golden_path.name} cannot be rendered: {answer['error']}")
                return Rendered(answer["name"], deliver(output, answer["name"], into, finish))
            finally:
                shutil.rmtree(output)

    def _living_worker(self) -> WorkerProcess:
        if self._worker is not None and not self._worker.is_alive():
            self._worker.stop()
            self._worker = None
        if self._home is None:
            self._home = tempfile.TemporaryDirectory(prefix="greenroom-golden-paths-")
        if self._worker is None:
            self._worker = WorkerProcess(Path(self._home.name))
        return self._worker
