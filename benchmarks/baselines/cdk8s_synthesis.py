"""The baseline of `benchmarks/compiling.py`: cdk8s synthesises the objects in a file. Runs in cdk8s' own environment.

    python cdk8s_synthesis.py OBJECTS.json ROUNDS

Prints the seconds of each round as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from cdk8s import ApiObject, App, Chart, JsonPatch


def synthesise(objects: list[dict[str, Any]]) -> str:
    """The objects as YAML, by way of constructs, as a cdk8s program gives them."""
    app = App()
    chart = Chart(app, "service")
    for item in objects:
        made = ApiObject(
            chart, item["kind"], api_version=item["apiVersion"], kind=item["kind"], metadata=item["metadata"]
        )
        made.add_json_patch(JsonPatch.add("/spec", item["spec"]))
    return str(app.synth_yaml())


def main() -> None:
    """Measure."""
    objects = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    synthesise(objects)
    seconds = []
    for _ in range(int(sys.argv[2])):
        started = time.perf_counter()
        synthesise(objects)
        seconds.append(time.perf_counter() - started)
    print(json.dumps(seconds))


main()
