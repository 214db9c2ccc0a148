"""How fast an error budget may burn before somebody has to know.

The tiers are those of Google's SRE Workbook (chapter 5, table 5-8) with the fourth that Sloth adds: an alert fires when
both windows of a tier burn faster than its factor. The long one says that it matters, the short one that it goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from scaffolder_actions.workload.observability.series import DAY, HOUR, MINUTE

# Days over which objectives are counted.
PERIOD_DAYS = 30
PERIOD = PERIOD_DAYS * DAY
# Failed requests in the long window below which nobody is told: a single one, which its client tries three times,
# is most of the traffic of a quiet night.
LEAST_FAILURES = 5


@dataclass(frozen=True)
class Tier:
    """Windows in seconds, and the percent of the period's budget that is gone after the long one at this speed."""

    long: int
    short: int
    spent: int

    @property
    def factor(self) -> Decimal:
        """How many times faster than the objective allows the budget burns.

        Times the budget it is the share of failed requests above which the tier fires. Below 93.06 percent that is more
        than all of them for the fastest tier, so documents may not promise so little.
        """
        return Decimal(self.spent * PERIOD) / (100 * self.long)


# Woken for: 14.4 and 6 times too fast, the budget gone in 50 hours and in 5 days.
FAST = (Tier(HOUR, 5 * MINUTE, 2), Tier(6 * HOUR, 30 * MINUTE, 5))
# Looked at in the morning: 3 times and just too fast, the budget gone in 10 days and before the month is over.
SLOW = (Tier(DAY, 2 * HOUR, 10), Tier(3 * DAY, 6 * HOUR, 10))
WINDOWS = tuple(sorted({window for tier in (*FAST, *SLOW) for window in (tier.long, tier.short)}))


def error_budget(percent: Decimal) -> Decimal:
    """The share of requests that may fail under an objective of `percent`: 0.001 for 99.9."""
    return (100 - percent) / 100


def window_name(seconds: int) -> str:
    """The window as PromQL writes it: 30m, 6h, 3d."""
    for unit, name in ((DAY, "d"), (HOUR, "h")):
        if seconds % unit == 0:
            return f"{seconds // unit}{name}"
    return f"{seconds // MINUTE}m"
