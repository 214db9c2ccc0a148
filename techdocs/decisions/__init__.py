"""Architecture decision records as a section of the site: `records` reads them, `overview` lists them."""

from __future__ import annotations

from techdocs.decisions.overview import OVERVIEW, in_order, overview, section
from techdocs.decisions.records import Decision, read_decision

__all__ = ["OVERVIEW", "Decision", "in_order", "overview", "read_decision", "section"]
