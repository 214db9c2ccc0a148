"""One reader for every setting: a YAML file, overlaid by the environment, into frozen dataclasses.

The environment names a setting by its path: `GREENROOM_SERVER_PORT=7200` is `server.port`. Lists and
mappings are written there as YAML. Wrong values are named all at once.
"""

from __future__ import annotations

from foundation.settings.model import (
    AwsSettings,
    BackstageSettings,
    CatalogSettings,
    ClusterEntitiesSettings,
    ClusterSettings,
    DocsSettings,
    GitSettings,
    HealthSettings,
    LinkTemplate,
    LogSettings,
    PlatformSettings,
    PostgresSettings,
    Secret,
    ServerSettings,
    Settings,
    StateSettings,
    StaticToken,
    VaultSettings,
)
from foundation.settings.reader import SettingsError, load_settings

__all__ = [
    "AwsSettings",
    "BackstageSettings",
    "CatalogSettings",
    "ClusterEntitiesSettings",
    "ClusterSettings",
    "DocsSettings",
    "GitSettings",
    "HealthSettings",
    "LinkTemplate",
    "LogSettings",
    "PlatformSettings",
    "PostgresSettings",
    "Secret",
    "ServerSettings",
    "Settings",
    "SettingsError",
    "StateSettings",
    "StaticToken",
    "VaultSettings",
    "load_settings",
]
