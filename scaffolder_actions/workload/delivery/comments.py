"""Comments in a workflow's text, which plain data cannot carry: the version behind each commit, and why a right is given.

People look for both, and so do the tools that check workflows.
"""

from __future__ import annotations

import re

from scaffolder_actions.workload.delivery.pins import pins

_USES = re.compile(r"(?P<line>\buses: (?P<action>[\w./-]+)@(?P<commit>[0-9a-f]{40}))$", re.MULTILINE)
_REASONS = {
    "contents: read": "to check out",
    "contents: write": "to commit the version that an environment is to run",
    "id-token: write": "to prove which workflow this is: for a signature without a key, and for a role at AWS",
    "packages: read": "to pull the image",
    "packages: write": "to push the image and what is signed about it",
    "pull-requests: write": "to propose the version for the next environment",
}
_RIGHTS = re.compile(rf"^(?P<line> +(?P<right>{'|'.join(_REASONS)}))$", re.MULTILINE)


def with_comments(text: str) -> str:
    """The text of a workflow with its comments."""

    def versioned(match: re.Match[str]) -> str:
        version, commit = pins().actions.get(match["action"], ("", ""))
        return f"{match['line']} # {version}" if commit == match["commit"] else match["line"]

    def explained(match: re.Match[str]) -> str:
        return f"{match['line']} # {_REASONS[match['right']]}"

    return _RIGHTS.sub(explained, _USES.sub(versioned, text))
