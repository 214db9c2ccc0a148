"""The settings under which Greenroom runs on one machine, written out so that people can read and copy them."""

from __future__ import annotations

import json
from typing import Any

from greenroom.local.credentials import Credentials, write_private
from greenroom.local.layout import Layout
from greenroom.local.parts import ENVIRONMENTS

EXAMPLES = "examples"
HEADER = "# Written by `greenroom local up`; it is written anew at each start.\n"


def write_settings(layout: Layout, credentials: Credentials) -> None:
    """Write the settings file that the server of the local platform reads."""
    # JSON is YAML, and needs no library to be written.
    write_private(layout.settings, HEADER + json.dumps(local_settings(layout, credentials), indent=2) + "\n")


def local_settings(layout: Layout, credentials: Credentials) -> dict[str, Any]:
    """Every part in place of the real one; replacing one of these values replaces that part."""
    ports = layout.ports
    return {
        "server": {"port": ports.server, "url": ports.url("server")},
        "backstage": {
            "url": ports.url("portal"),
            "app_origins": [ports.url("portal")],
            "static_tokens": [
                {"subject": "greenroom", "token": credentials.internal_token},
                {"subject": "cli", "token": credentials.token},
            ],
            "token": credentials.portal_token,
        },
        "state": {"directory": str(layout.state)},
        "catalog": {
            "organisation": str(layout.checkout / EXAMPLES / "organisation.yaml"),
            "golden_paths": str(layout.checkout / "cookiecutters"),
            "folders": [str(layout.checkout)],
        },
        "git": {"host": "local", "directory": str(layout.git), "url": ports.url("git")},
        "clusters": [
            {
                "name": name,
                "environment": name,
                "kubeconfig": str(layout.kubeconfig),
                "context": name,
                "simulated": True,
            }
            for name in ENVIRONMENTS
        ],
        "platform": {
            # Nothing on this machine collects metrics or logs, and a link that leads nowhere helps nobody.
            "dashboard_url": "",
            "logs_url": "",
            "runbook_url": f"{ports.url('portal')}/docs/default/component/{{name}}/runbook",
            "reference_url": f"{ports.url('portal')}/docs/default/component/greenroom/reference/service-document/",
        },
        # Nobody who tries it out waits for minutes.
        "health": {"notify_after_seconds": 15},
        "log": {"format": "text"},
        "docs": {"publisher": "local", "directory": str(layout.docs)},
        "aws": {"endpoint": ports.url("aws")},
        "vault": {"address": ports.url("vault"), "token_file": str(credentials.token_file)},
        "postgres": {
            "url": f"postgresql://postgres:{credentials.postgres_password}@localhost:{ports.postgres}/postgres"
        },
    }
