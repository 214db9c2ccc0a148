"""What must be said before something is done that cannot be undone: pure rules on what would change."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.errors import ConflictError
from scaffolder_actions.errors import NotConfirmedError
from scaffolder_actions.plans.model import Change

_VERBS = {"replace": "replaced by a new one", "delete": "deleted"}


def require_possible(service: str, environment: str, changes: Sequence[Change]) -> None:
    """Raise ConflictError with the reason of each change that cannot be made."""
    blocked = [f"{each.kind} {each.name}: {each.blocked}" for each in changes if each.blocked]
    if blocked:
        raise ConflictError(f"{service} cannot be applied to {environment}: {' '.join(blocked)}")


def require_confirmed(service: str, environment: str, changes: Sequence[Change], confirm: str | None) -> None:
    """Raise NotConfirmedError, which says what would be lost, unless the service's name was typed where data is at stake."""
    lost = [each for each in changes if each.needs_confirmation]
    if not lost or confirm == service:
        return
    what = " ".join(f"{_sentence(each)}" for each in lost)
    typed = f' It is confirmed with another name, "{confirm[:63]}".' if confirm else ""
    raise NotConfirmedError(
        f"Applying {service} to {environment} takes data away, so it needs your confirmation. {what}{typed}",
        remedy=f'What can be saved is saved first. To go on, confirm with the service\'s name: confirm: "{service}", '
        f"or --confirm {service}.",
    )


def _sentence(change: Change) -> str:
    name = f"{change.name} ({change.kind}) would be {_VERBS[change.verb]}."
    return f"{name} {change.impact}".rstrip()
