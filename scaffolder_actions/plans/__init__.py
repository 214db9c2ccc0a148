"""What would change: the documents' trees compared with what stands in Git, in the clusters and at AWS."""

from __future__ import annotations

from scaffolder_actions.plans.model import Change, FieldChange, Plan, Verb, Where

__all__ = ["Change", "FieldChange", "Plan", "Verb", "Where"]
