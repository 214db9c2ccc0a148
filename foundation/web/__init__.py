"""Hosts Backstage backend plugins written in Python: one ASGI application, Connexion below it.

Importing this is cheap; the frameworks load when `host` is called.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

from foundation.backstage.actions import RegistryAction
from foundation.backstage.entities import EntityRef
from foundation.web.current import caller
from foundation.web.events import ServerSentEvent
from foundation.web.plugin import Plugin, StreamHandler, StreamRequest

if TYPE_CHECKING:
    from foundation.settings import Settings
    from foundation.web.hosting import Host

__all__ = [
    "EntityRef",
    "Plugin",
    "RegistryAction",
    "ServerSentEvent",
    "StreamHandler",
    "StreamRequest",
    "caller",
    "host",
]


def host(plugins: Sequence[Plugin], settings: Settings) -> Host:
    """One ASGI application that serves the plugins, each below `/api/<id>`, and runs their start and stop.

    Raises InputError where a plugin and its OpenAPI document disagree.
    """
    with warnings.catch_warnings():
        # Connexion imports Starlette's test client, which complains about the client library below it.
        warnings.simplefilter("ignore")
        from foundation.web.hosting import Host

    return Host(plugins, settings)
