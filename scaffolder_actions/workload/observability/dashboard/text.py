"""The text of a dashboard: its shape, with the workload's own words in it.

Building with Grafana's SDK takes longer than all else that is generated for a service. So each shape is built once, with
marks where words go, and kept as text.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from foundation.service import dashboard_uid
from scaffolder_actions.workload.identity import Workload
from scaffolder_actions.workload.observability.dashboard.document import build
from scaffolder_actions.workload.observability.dashboard.shape import Shape, shape_of
from scaffolder_actions.workload.observability.series import series_of

_MARK = re.compile(r"<<([a-z0-9 ]+)>>")
# A few dozen cover an organisation. Each is some 60 kB.
_SHAPES = 64


def dashboard_text(workload: Workload) -> str:
    """The dashboard as JSON, a line for each value so that differences can be read. The same input, the same bytes."""
    links = _links(workload)
    words = {**_words(workload), **_link_words(links)}
    template = _template(shape_of(workload, len(links)))
    # In one pass: what a team wrote is never looked through for marks.
    return _MARK.sub(lambda match: json.dumps(words[match.group(1)])[1:-1], template)


@lru_cache(maxsize=_SHAPES)
def _template(shape: Shape) -> str:
    return json.dumps(build(shape), cls=JSONEncoder, indent=1) + "\n"


def _words(workload: Workload) -> dict[str, str]:
    series = series_of(workload)
    return {
        "uid": dashboard_uid(workload.name, workload.environment),
        "title": f"{workload.service.title or workload.name} in {workload.environment}",
        "name": series.name,
        "namespace": series.namespace,
        "environment": series.environment,
        "unasked": series.unasked,
    }


def _links(workload: Workload) -> list[tuple[str, str]]:
    """Titles and addresses: what one looks for beside figures, and the team's own pages."""
    platform, service = workload.platform, workload.service
    runbook = service.runbook or ""
    address = runbook.startswith(("https://", "http://"))
    links = [
        ("Logs", workload.link(platform.logs_url)),
        ("Runbook", workload.link(runbook if address else platform.runbook_url)),
        *((workload.link(each.title), workload.link(each.url)) for each in (*service.dashboards, *service.links)),
    ]
    return [(title, url) for title, url in links if url]


def _link_words(links: list[tuple[str, str]]) -> dict[str, str]:
    words: dict[str, str] = {}
    for index, (title, url) in enumerate(links):
        words |= {f"title {index}": title, f"url {index}": url}
    return words
