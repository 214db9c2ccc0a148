"""A server with runs, as a process of its own that a test can kill.

    python server_process.py <folder> <database address or ""> <executor> <kinds, separated by commas>

Each kind's body has three steps. A step adds a line to the file `effects`. A moment of a run is `before-<n>` (in
step n, before its effect), `after-<n>` (in step n, its effect done but not yet kept) or `between-<n>` (after step n).
Where a file `hold-<run>-<moment>` stands in the folder, the body notes `reached-<run>-<moment>` there and stays until
it is killed. The file `submit` holds the runs to submit, one a line as `kind id`.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from foundation.jsontypes import JsonObject
from foundation.runs import RunContext, RunEngine, worker
from foundation.settings import Secret, StateSettings

STEPS = (1, 2, 3)


def main(folder: Path, database: str, executor: str, kinds: list[str]) -> None:
    """Run until killed. Looks for the runs of dead servers often, so that tests need not wait for it."""
    worker.SWEEP_SECONDS = 0.3
    engine = RunEngine(StateSettings(directory=folder, database=Secret(database)), executor=executor)

    def body(context: RunContext, payload: JsonObject) -> JsonObject:
        def moment(name: str) -> None:
            if (folder / f"hold-{context.run_id}-{name}").exists():
                (folder / f"reached-{context.run_id}-{name}").touch()
                threading.Event().wait()

        results = []
        for number in STEPS:
            context.log(f"step {number}")

            def effect(number: int = number) -> int:
                moment(f"before-{number}")
                with (folder / "effects").open("a") as file:
                    file.write(f"{executor} {context.run_id} {number}\n")
                moment(f"after-{number}")
                return number * 10

            results.append(context.step(f"step {number}", effect))
            moment(f"between-{number}")
        return {"results": results, "payload": payload}

    for kind in kinds:
        engine.register(kind, body)
    engine.start()
    for line in (folder / "submit").read_text().splitlines():
        kind, run_id = line.split()
        if kind in kinds:
            engine.submit(kind, run_id, {"for": kind}, caller="user:default/ann")
    (folder / f"started-{executor}").touch()
    threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4].split(","))
