"""The reference page of rules of health, made from the tables.

python -m foundation.health.reference > docs/reference/health-rules.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from foundation.health.built_in import PYTHON_RULES
from foundation.health.table import Table, built_in

INTRODUCTION = """\
# Rules of health

What an object says of itself becomes one of Argo CD's words, Healthy, Progressing, Suspended, Missing, Degraded or Unknown,
with a sentence. A rule decides: the platform team's own first, then those on this page, then the
[standard conditions](../decisions/0043-conditions-are-read-in-one-way.md). An object without any of these is Unknown, and
says so. [Teach health a kind](../how-to/teach-health-a-kind.md) shows how a rule is written.

`greenroom health explain FILE` judges objects from files or a pipe by the same rules.

## Kubernetes' own kinds

These rules are code: they count pods, look at time, or read many fields.

"""

TABLES = """
## Projects

These rules are tables, one file for each project in `foundation/health/rules`. Kinds that a cluster serves and that have a
rule are watched; `health.unwatched` leaves some of them alone.

"""

MORE = """
## The table's fields

| field | what it is |
| --- | --- |
| `project`, `reference` | whose kinds these are, and where the project explains what its objects say |
| `rules[].group`, `rules[].kinds` | which objects; a `*` in front of a group, or in place of a kind, stands for all |
| `rules[].cases` | the first whose `when` holds gives `status` and `message`; `{path}` in a message is filled in |
| `rules[].otherwise` | what is said where no case holds: `conditions`, which is the default, or a `status` and a `message` |
| `rules[].generation` | `observed`: an older `status.observedGeneration`, or one of the condition that decides, is Progressing, whatever else it says; or `ignored` |
| `rules[].workload` | whether its objects run pods, which then count against it |
| `rules[].examples` | parts of objects and what is to be said of them, which is judged as the table is read |

| a `when` | holds where |
| --- | --- |
| `condition: Ready` | that condition is `True`; `is` names other statuses, `absent` among them, `reason` and `saying` narrow it, `in` is where the conditions are |
| `path: status.phase` | the value `is` one of some, is `present`, is `below` or `above` a number or another path, or the `same` as there |
| `some: status.parents`, `have: …` | an entry of the list holds |
| `any: […]`, `not: …`, a list | one of these, not this, all of these |

A `*` at the beginning or the end of a type, reason or value stands for whatever is there. A path joins names with dots;
`status.conditions[type=Ready]` picks an entry of a list, and `metadata.annotations[example.com/paused]` a name with dots in it.
"""


def reference_page() -> str:
    """The whole page."""
    return INTRODUCTION + "\n".join(_own()) + "\n" + TABLES + "\n".join(_projects()) + "\n" + MORE


def _own() -> Iterator[str]:
    yield "| group | kinds |"
    yield "| --- | --- |"
    for group in sorted({each.group for each in PYTHON_RULES}):
        kinds = sorted(each.kind for each in PYTHON_RULES if each.group == group)
        yield f"| {f'`{group}`' if group else 'core'} | {', '.join(kinds)} |"


def _projects() -> Iterator[str]:
    yield "| project | group | kinds |"
    yield "| --- | --- | --- |"
    for table in sorted(built_in(), key=lambda each: each.project.lower()):
        yield from _of_project(table)


def _of_project(table: Table) -> Iterator[str]:
    name = f"[{table.project}]({table.reference})" if table.reference else table.project
    for group in dict.fromkeys(each.group for each in table.rules):
        kinds = sorted("all others" if each.kind == "*" else each.kind for each in table.rules if each.group == group)
        yield f"| {name} | `{group}` | {', '.join(kinds)} |"
        name = ""


if __name__ == "__main__":
    sys.stdout.write(reference_page())
