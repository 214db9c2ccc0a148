"""Asks the simulated clusters to misbehave: their doors beside the Kubernetes API."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import yaml

from greenroom.local.errors import LocalPlatformError
from greenroom.local.layout import Layout

# Seconds for an answer from this machine.
TIMEOUT = 10


class NotThereError(LocalPlatformError):
    """The simulated clusters have no such thing."""


def break_service(layout: Layout, service: str, how: str, environment: str | None = None) -> list[str]:
    """Break the service's deployment wherever it runs, or in one environment; the environments that were broken.

    Raises LocalPlatformError when it runs in none of them.
    """
    return _disturb(layout, service, environment, "break", {"how": how})


def heal_service(layout: Layout, service: str, environment: str | None = None) -> list[str]:
    """Mend what was broken; the environments that were mended."""
    return _disturb(layout, service, environment, "heal", {})


def disconnect(layout: Layout, cluster: str) -> None:
    """Make a cluster unreachable."""
    _ask(layout, "POST", f"/{cluster}/disconnect", {})


def reconnect(layout: Layout, cluster: str) -> None:
    """Make a cluster reachable again."""
    _ask(layout, "POST", f"/{cluster}/reconnect", {})


def _disturb(layout: Layout, service: str, environment: str | None, verb: str, body: dict[str, str]) -> list[str]:
    names = [environment] if environment else [str(each["name"]) for each in _ask(layout, "GET", "", {})["items"]]
    done = [name for name in names if _found(layout, f"/{name}/{verb}", {"deployment": service, **body})]
    if not done:
        raise LocalPlatformError(
            f'No deployment "{service}" runs in {" or ".join(names)}.', remedy="`greenroom health` lists what runs."
        )
    return done


def _found(layout: Layout, path: str, body: dict[str, str]) -> bool:
    try:
        _ask(layout, "POST", path, body)
    except NotThereError:
        return False
    return True


def _ask(layout: Layout, method: str, path: str, body: dict[str, str]) -> Any:
    url = f"{layout.ports.url('clusters')}/local/v1/clusters{path}"
    headers = {"Authorization": f"Bearer {_token(layout)}", "Content-Type": "application/json"}
    content = json.dumps(body).encode() if method == "POST" else None
    try:
        with urlopen(Request(url, data=content, headers=headers, method=method), timeout=TIMEOUT) as answer:  # noqa: S310 ours
            return json.loads(answer.read() or b"{}")
    except HTTPError as error:
        kind = NotThereError if error.code == HTTPStatus.NOT_FOUND else LocalPlatformError
        raise kind(_said(error)) from error
    except (URLError, OSError) as error:
        raise LocalPlatformError("The simulated clusters do not answer.", remedy="Start them: make up") from error


def _said(error: HTTPError) -> str:
    text = error.read().decode(errors="replace")
    try:
        return str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        return f"The simulated clusters refused ({error.code}): {text[:200]}"


def _token(layout: Layout) -> str:
    try:
        users = yaml.safe_load(layout.kubeconfig.read_text(encoding="utf-8"))["users"]
        return str(users[0]["user"]["token"])
    except (OSError, KeyError, IndexError, TypeError) as error:
        raise LocalPlatformError("There is no platform on this machine yet.", remedy="Start one: make up") from error
