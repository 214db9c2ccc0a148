"""What would change: the documents' trees compared with what stands in Git, in the clusters and at AWS.

`planning` asks every place at once, each by its one of the `questions`; `sources` says where they are. `files` and
`cluster` compare, `standing` and `versions` read what is there, `fields` names what differs, `impact` and `cost` what
that means. `model` is what they all answer in.
"""

from __future__ import annotations

from scaffolder_actions.plans.model import Change, FieldChange, Plan, Verb, Where

__all__ = ["Change", "FieldChange", "Plan", "Verb", "Where"]
