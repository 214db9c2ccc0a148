"""Comments in a workflow's text, which plain data cannot carry: the version behind each commit, and why a right is given.

People look for both, and so do the tools that check workflows.
"""

from __future__ import annotations

from functools import lru_cache

from scaffolder_actions.workload.delivery.pins import pins

_REASONS = {
    "contents: read": "to check out",
    "contents: write": "to commit the version that an environment is to run",
    "id-token: write": "to prove which workflow this is: for a signature without a key, and for a role at AWS",
    "packages: read": "to pull the image",
    "packages: write": "to push the image and what is signed about it",
    "pull-requests: write": "to propose the version for the next environment",
}


def with_comments(text: str) -> str:
    """The text of a workflow with its comments."""
    return "".join(map(_commented, text.splitlines(keepends=True)))


# Nearly all lines are the same for every service.
@lru_cache(maxsize=4096)
def _commented(line: str) -> str:
    said = line.strip()
    if "uses: " in said:
        action, _, commit = said.rpartition("uses: ")[2].partition("@")
        version, known = pins().actions.get(action, ("", ""))
        return f"{line[:-1]} # {version}\n" if known and known == commit else line
    reason = _REASONS.get(said)
    return f"{line[:-1]} # {reason}\n" if reason else line
