"""From an OpenAPI 3 document to Markdown pages.

`document` reads it and follows references, `reading` takes out what is shown (`model`), `schemas` puts
types into words, `pages` writes Markdown. Backstage shows no scripts, so the pages need none.
"""

from __future__ import annotations

from techdocs.api_reference.pages import Pages, api_pages

__all__ = ["Pages", "api_pages"]
