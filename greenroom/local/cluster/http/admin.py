"""Endpoints beside the clusters, for breaking and healing what is in them: `/local/v1/clusters…`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from greenroom.local.cluster import errors
from greenroom.local.cluster.breakage import BREAKAGES
from greenroom.local.cluster.cluster import Cluster
from greenroom.local.cluster.http.messages import answer, parse, read_bytes
from greenroom.local.cluster.objects import Manifest

PREFIX = "/local/v1/clusters"


async def respond(request: Request, clusters: Mapping[str, Cluster], path: str) -> Response:
    """The answer to a request below the prefix. Raises StatusError."""
    parts = path.removeprefix(PREFIX).strip("/").split("/")
    if parts == [""]:
        _expect(request, "GET")
        return answer({"items": [state_of(cluster) for cluster in clusters.values()]})
    cluster = clusters.get(parts[0])
    if cluster is None:
        raise errors.not_found("clusters", "", parts[0])
    if len(parts) == 1:
        _expect(request, "GET")
        return answer(state_of(cluster))
    _expect(request, "POST")
    sent = await read_bytes(request)
    body = parse(sent) if sent.strip() else {}
    if not isinstance(body, dict) or len(parts) != 2:  # noqa: PLR2004 - cluster and verb
        raise errors.bad_request("the body must be an object")
    return answer(_act(cluster, parts[1], body))


def state_of(cluster: Cluster) -> Manifest:
    """A cluster as the endpoints show it."""
    return {
        "name": cluster.name,
        "simulated": True,
        "state": cluster.reachability.state,
        "resourceVersion": str(cluster.store.version),
        "broken": [
            {"namespace": namespace, "deployment": name, "how": how} for namespace, name, how in cluster.broken()
        ],
    }


def _act(cluster: Cluster, verb: str, body: Manifest) -> Manifest:
    if verb == "break":
        how = _text(body, "how")
        if how not in BREAKAGES:
            raise errors.bad_request(f'how: "{how}" is not one of {", ".join(BREAKAGES)}')
        cluster.break_(_text(body, "deployment"), how, namespace=_optional(body, "namespace"))
    elif verb == "heal":
        cluster.heal(_text(body, "deployment"), namespace=_optional(body, "namespace"))
    elif verb == "disconnect":
        how = _optional(body, "how") or "refuse"
        states = {"refuse": "refused", "hang": "hanging"}
        if how not in states:
            raise errors.bad_request(f'how: "{how}" is not one of {", ".join(states)}')
        cluster.reachability.set("refused" if how == "refuse" else "hanging")
    elif verb == "reconnect":
        cluster.reachability.set("connected")
    else:
        raise errors.unknown_resource()
    return state_of(cluster)


def _text(body: Manifest, field: str) -> str:
    value: Any = body.get(field)
    if not isinstance(value, str) or not value:
        raise errors.bad_request(f"{field}: Required value: it must be a text")
    return value


def _optional(body: Manifest, field: str) -> str | None:
    return _text(body, field) if body.get(field) is not None else None


def _expect(request: Request, method: str) -> None:
    if request.method != method:
        raise errors.method_not_allowed()
