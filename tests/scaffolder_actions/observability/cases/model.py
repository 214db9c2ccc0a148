"""A case of an alert, and how series are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Series = Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """Series that make an alert fire after so many minutes, and those near by that do not.

    `labels` are those that the alert has beside its owner's. `holds` are by what they are about.
    """

    alert: str
    fires: Series
    holds: Mapping[str, Series]
    summary: str
    description: str
    minutes: int = 60
    severity: str = "ticket"
    labels: Mapping[str, str] = field(default_factory=dict)
    subject: str = "web"


def flat(value: float, minutes: int = 240) -> str:
    """The same value each minute."""
    return f"{value}+0x{minutes}"


def rising(step: float, minutes: int = 240, start: float = 0) -> str:
    """A counter, or what grows: so much more each minute."""
    return f"{start}+{step}x{minutes}" if step >= 0 else f"{start}{step}x{minutes}"


def joined(*parts: str) -> str:
    """One after another."""
    return " ".join(parts)
