"""The steps that jobs are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

from foundation.jsontypes import Json, JsonObject
from scaffolder_actions.workload.delivery.pins import pins

# By its version: what `latest` means changes under a pipeline that nobody touched.
RUNNER = "ubuntu-24.04"


def job(
    name: str,
    steps: Sequence[JsonObject],
    *,
    minutes: int,
    permissions: Mapping[str, str],
    needs: Sequence[str] = (),
    condition: str | None = None,
    **more: Json,
) -> JsonObject:
    """A job with no more rights than `permissions`; it ends after `minutes` at the latest."""
    return {
        "name": name,
        **({"needs": list(needs)} if needs else {}),
        **({"if": condition} if condition else {}),
        "runs-on": RUNNER,
        "timeout-minutes": minutes,
        "permissions": dict(permissions),
        **more,
        "steps": list(steps),
    }


def action(name: str, uses: str, given: JsonObject | None = None, *, key: str | None = None) -> JsonObject:
    """A step that uses a pinned action; `key` is its id, where its outputs are read."""
    return {
        "name": name,
        **({"id": key} if key else {}),
        "uses": pins().uses(uses),
        **({"with": given} if given else {}),
    }


def run(name: str, script: str, env: Mapping[str, str] | None = None, *, key: str | None = None) -> JsonObject:
    """A step that runs a script. Whatever it is told comes by `env`: in the text, an expression would become code."""
    return {
        "name": name,
        **({"id": key} if key else {}),
        **({"env": dict(env)} if env else {}),
        "run": script,
    }


def checkout(**given: Json) -> JsonObject:
    """A step that checks out and leaves no credentials behind."""
    return action("Check out", "actions/checkout", {"persist-credentials": False, **given})


@cache
def script(name: str) -> str:
    """The text of `scripts/{name}.sh`, which bash runs with `-e` and `-o pipefail`."""
    text = resources.files(__package__).joinpath(f"scripts/{name}.sh").read_text(encoding="utf-8")
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("# shellcheck "))
