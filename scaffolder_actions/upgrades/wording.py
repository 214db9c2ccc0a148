"""An upgrade in words, for whoever is asked to accept it: what is new, what changes, and what that means."""

from __future__ import annotations

from collections.abc import Iterator

from scaffolder_actions.plans import Change, Plan
from scaffolder_actions.upgrades.upgrading import Upgrade

# Fields of one thing that are written out; the diff has them all.
MOST_FIELDS = 5


def title(upgrade: Upgrade) -> str:
    """One line, in the imperative as commits have it."""
    return f"Move {upgrade.after.name} to release {upgrade.release.name} of the platform"


def description(upgrade: Upgrade, plan: Plan) -> str:
    """The text of the proposal, as Markdown: the notes of the releases, then the plan."""
    return "\n".join([*_notes(upgrade), "", *_plan(plan)])


def _notes(upgrade: Upgrade) -> Iterator[str]:
    for release in upgrade.passed:
        yield f"Release {release.name} ({release.date}):"
        yield from (f"- {note}" for note in release.notes)


def _plan(plan: Plan) -> Iterator[str]:
    changes = [each for each in plan.changes if each.verb != "keep" and each.where != "repository"]
    if not changes:
        yield "Nothing that runs changes by it."
    for change in changes:
        yield f"- {change.environment}: {change.verb} {change.kind} {change.name}{_detail(change)}"
    for environment, reasons in plan.unknown.items():
        yield from (f"- {environment or 'everywhere'}: unknown, since {reason}" for reason in reasons)


def _detail(change: Change) -> str:
    shown = [f"`{each.path}` {each.before} → {each.after}" for each in change.fields[:MOST_FIELDS]]
    if len(change.fields) > MOST_FIELDS:
        shown.append(f"{len(change.fields) - MOST_FIELDS} more")
    text = f": {', '.join(shown)}" if shown else ""
    return f"{text}. {change.impact}" if change.impact else text
