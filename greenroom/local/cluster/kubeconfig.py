"""The kubeconfig by which clients find the simulated clusters: one context for each."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

import yaml

from greenroom.local.cluster.persistence import write_private

_USER = "greenroom"


def write_kubeconfig(path: Path, servers: Mapping[str, str], token: str, authority: str) -> None:
    """Write a kubeconfig (mode 0600) with a context of each name; the first one is the current.

    `authority`: the certificate (PEM) that the servers are known by.
    """
    trusted = base64.b64encode(authority.encode()).decode()
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [
            {"name": name, "cluster": {"server": url, "certificate-authority-data": trusted}}
            for name, url in servers.items()
        ],
        "users": [{"name": _USER, "user": {"token": token}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": _USER}} for name in servers],
        "current-context": next(iter(servers)),
        "preferences": {},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, [yaml.safe_dump(document, sort_keys=False)])
