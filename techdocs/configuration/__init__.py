"""From a repository's mkdocs.yml to a configuration that is safe to build with.

`document` finds and reads the file; `sanitising` rebuilds it from `allowlist`, with `plugins`,
`extensions` and `navigation` for the parts that have a shape of their own; `notes` collects what was
left out and what is wrong.
"""

from __future__ import annotations

from techdocs.configuration.document import find_configuration, parse_configuration
from techdocs.configuration.navigation import Item, Navigation, automatic_navigation, pages_of
from techdocs.configuration.sanitising import Configuration, default_configuration, sanitise

__all__ = [
    "Configuration",
    "Item",
    "Navigation",
    "automatic_navigation",
    "default_configuration",
    "find_configuration",
    "pages_of",
    "parse_configuration",
    "sanitise",
]
