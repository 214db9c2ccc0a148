"""A newer release of the platform, brought to a service as a change to its repository."""

from __future__ import annotations

from scaffolder_actions.upgrades.upgrading import Upgrade, upgrade_of
from scaffolder_actions.upgrades.wording import description, title

__all__ = ["Upgrade", "description", "title", "upgrade_of"]
