"""Keeping what a stack holds before it goes: snapshots at AWS, copies in the platform's archive.

Everything is named by a mark, such as a run's id: saving under the same mark again adds what came since, and repeats
nothing.
"""

from __future__ import annotations

from scaffolder_actions.infrastructure.saving.model import Saved, Saving
from scaffolder_actions.infrastructure.saving.stack import save_stack

__all__ = ["Saved", "Saving", "save_stack"]
