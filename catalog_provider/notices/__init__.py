"""Tells owners in Backstage that their service has been Degraded for long, once, and again when it has recovered.

`incidents`  verdicts → services in trouble, and for how long; no clock, no thread
`told`       what owners were told, in the state database
`steps`      an incident and what was told of it → what is to be done; pure
`wording`    an incident → a notification; pure
`notifier`   does it, in a thread of its own
"""

from __future__ import annotations

from catalog_provider.notices.notifier import Notifier
from catalog_provider.notices.told import ToldTable

__all__ = ["Notifier", "ToldTable"]
