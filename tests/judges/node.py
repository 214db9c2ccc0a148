"""The judges that run on Node, in one warm process."""

from __future__ import annotations

from functools import cache

from greenroom.local.portal import environment, node
from tests.judges.installing import NODE, ensure_installed
from tests.judges.warm import WarmJudge


@cache
def node_judges() -> WarmJudge:
    """The process that runs `judges.mjs`."""
    ensure_installed()
    return WarmJudge([str(node()), str(NODE / "judges.mjs")], environment())
