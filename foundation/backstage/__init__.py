"""Backstage's own protocols, spoken from Python: tokens, the actions registry, entities."""

from __future__ import annotations

from foundation.backstage.actions import RegistryAction
from foundation.backstage.caller import Caller
from foundation.backstage.entities import EntityRef

__all__ = ["Caller", "EntityRef", "RegistryAction"]
