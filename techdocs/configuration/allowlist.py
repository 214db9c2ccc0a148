"""What of MkDocs a repository may set.

The same lists as in `@backstage/plugin-techdocs-node` 2.0.0 (`ALLOWED_MKDOCS_KEYS`, `ALLOWED_THEME_KEYS`,
`DEFAULT_ALLOWED_MKDOCS_PLUGINS`), and shorter where MkDocs or one of its plugins would let a page read
a file of the builder or call an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from foundation.jsontypes import Json

TEXTS: Final = (
    "site_name",
    "site_description",
    "site_author",
    "repo_name",
    "edit_uri",
    "edit_uri_template",
    "copyright",
    "exclude_docs",
    "not_in_nav",
)
ADDRESSES: Final = ("site_url", "repo_url")
FLAGS: Final = ("use_directory_urls", "strict")
MAPPINGS: Final = ("extra", "validation")

# Known to MkDocs and harmless, but about previews and deployments: passed over without a word.
WITHOUT_EFFECT: Final = frozenset({"site_dir", "dev_addr", "watch", "remote_branch", "remote_name", "google_analytics"})

THEME_KEYS: Final = frozenset(
    {"font", "icon", "logo", "favicon", "language", "direction", "palette", "features"},
)
# techdocs-core replaces every other theme by this one.
THEME: Final = "material"
# Material would have every reader's browser ask a third party for fonts, and the reader waits until that has answered.
# Backstage brings its own.
THEME_DEFAULTS: Final[Mapping[str, Json]] = {"name": THEME, "font": False}

GROUPS: Final = frozenset({"group", "material/group"})
# techdocs-core runs the search itself and takes no options for it.
SEARCHES: Final = frozenset({"search", "material/search"})
CORE: Final = "techdocs-core"
CORE_OPTIONS: Final = ("use_material_search", "use_pymdownx_blocks")

SNIPPETS: Final = "pymdownx.snippets"
EMOJI: Final = "pymdownx.emoji"
PLANTUML: Final = "plantuml_markdown"

_MARKDOWN: Final = (
    "abbr",
    "admonition",
    "attr_list",
    "codehilite",
    "def_list",
    "extra",
    "fenced_code",
    "footnotes",
    "legacy_attrs",
    "legacy_em",
    "md_in_html",
    "meta",
    "nl2br",
    "sane_lists",
    "smarty",
    "tables",
    "toc",
    "wikilinks",
)
# Without `b64`, which embeds any image file of the machine that builds.
_PYMDOWN: Final = (
    "arithmatex",
    "betterem",
    "blocks.admonition",
    "blocks.caption",
    "blocks.definition",
    "blocks.details",
    "blocks.html",
    "blocks.tab",
    "caret",
    "critic",
    "details",
    "emoji",
    "escapeall",
    "extra",
    "fancylists",
    "highlight",
    "inlinehilite",
    "keys",
    "magiclink",
    "mark",
    "pathconverter",
    "progressbar",
    "quotes",
    "saneheaders",
    "smartsymbols",
    "snippets",
    "striphtml",
    "superfences",
    "tabbed",
    "tasklist",
    "tilde",
)
EXTENSIONS: Final = frozenset(
    {
        *_MARKDOWN,
        *(f"markdown.extensions.{name}" for name in _MARKDOWN),
        *(f"pymdownx.{name}" for name in _PYMDOWN),
        "markdown_inline_graphviz",
        "mdx_truly_sane_lists",
        PLANTUML,
    }
)

# Options of PlantUML that only shape the picture. The others name programs, servers and files.
PLANTUML_OPTIONS: Final = frozenset(
    {"alt", "classes", "encoding", "format", "image_maps", "priority", "remove_inline_svg_size", "theme", "title"}
)
# `custom_icons` names folders of the machine that builds.
EMOJI_OPTIONS: Final = frozenset({"attributes", "classes", "image_path", "non_standard_image_path"})

# YAML tags stand for Python objects. These are the ones that Backstage lets through; the worker puts the
# objects in, so no tag is ever constructed. `material.extensions` is the older name of `materialx`.
EMOJI_INDEXES: Final = frozenset({"materialx.emoji.twemoji", "material.extensions.emoji.twemoji"})
EMOJI_GENERATORS: Final = frozenset({"materialx.emoji.to_svg", "material.extensions.emoji.to_svg"})
SLUGIFY: Final = "pymdownx.slugs.slugify"
SLUGIFY_CASES: Final = frozenset({"none", "lower", "lower-ascii", "fold"})
