"""What the health of services was: transitions in the state database, and the time spent in each status.

`transitions`  the tables
`recorder`     writes transitions in a thread of its own, each once
`spent`        transitions → time spent; pure
"""

from __future__ import annotations

from catalog_provider.history.recorder import HistoryRecorder
from catalog_provider.history.spent import Spent, spent
from catalog_provider.history.transitions import HealthHistory, Place, Transition

__all__ = ["HealthHistory", "HistoryRecorder", "Place", "Spent", "Transition", "spent"]
