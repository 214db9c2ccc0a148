"""What of a configuration reaches MkDocs."""

from __future__ import annotations

from techdocs.configuration import Configuration, default_configuration, parse_configuration, sanitise

ORDINARY = """
site_name: Order API
site_description: Takes orders
site_url: https://docs.example.com/
repo_url: https://github.com/acme/order-api
edit_uri: edit/main/docs/
docs_dir: documentation/pages
use_directory_urls: no
watch: [../other]
dev_addr: 127.0.0.1:9000
theme:
  name: material
  features: [navigation.tabs]
  palette: {primary: indigo}
plugins:
  - techdocs-core: {use_pymdownx_blocks: true}
  - search: {lang: en}
  - redirects: {redirect_maps: {old.md: new.md, gone/x.md: "https://example.com/x"}}
markdown_extensions:
  - admonition
  - pymdownx.snippets
  - toc: {permalink: true}
  - pymdownx.emoji:
      emoji_index: !!python/name:materialx.emoji.twemoji
      emoji_generator: !!python/name:materialx.emoji.to_svg
extra: {team: commerce}
extra_css: [style.css]
nav:
  - index.md
  - Guides:
      - Start: guides/start.md
"""


def sanitised(text: str) -> Configuration:
    return sanitise(parse_configuration(text.encode(), "mkdocs.yml"), site_name="From the service")


def test_an_ordinary_configuration_is_kept() -> None:
    """What Backstage allows stays as it is, without a word."""
    configuration = sanitised(ORDINARY)
    assert configuration.warnings == ()
    assert configuration.docs_folder == "documentation/pages"
    assert configuration.navigation == ["index.md", {"Guides": [{"Start": "guides/start.md"}]}]
    assert configuration.settings == {
        "site_name": "Order API",
        "site_description": "Takes orders",
        "site_url": "https://docs.example.com/",
        "repo_url": "https://github.com/acme/order-api",
        "edit_uri": "edit/main/docs/",
        "use_directory_urls": False,
        "theme": {"name": "material", "font": False, "features": ["navigation.tabs"], "palette": {"primary": "indigo"}},
        "plugins": {
            "techdocs-core": {"use_pymdownx_blocks": True},
            "redirects": {"redirect_maps": {"old.md": "new.md", "gone/x.md": "https://example.com/x"}},
        },
        "markdown_extensions": {
            "admonition": {},
            "pymdownx.snippets": {},
            "toc": {"permalink": True},
            "pymdownx.emoji": {
                "emoji_index": "materialx.emoji.twemoji",
                "emoji_generator": "materialx.emoji.to_svg",
            },
        },
        "extra": {"team": "commerce"},
        "extra_css": ["style.css"],
    }


def test_techdocs_core_is_always_there() -> None:
    """A site without it would be one that Backstage cannot show."""
    for text in ("site_name: x", "plugins: []", "plugins: [search]"):
        assert list(sanitised(f"{text}\n").settings["plugins"]) == ["techdocs-core"]  # type: ignore[arg-type]


def test_the_slug_function_is_named_by_its_case() -> None:
    """Both ways of writing the one tag that Backstage allows there."""
    flow = "markdown_extensions:\n- toc:\n    slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}\n"
    block = "markdown_extensions:\n- toc:\n    slugify: !!python/object/apply:pymdownx.slugs.slugify\n      kwds:\n        case: lower\n"
    for text in (flow, block):
        assert sanitised(text).settings["markdown_extensions"] == {"toc": {"slugify": "lower"}}


def test_options_of_another_theme_are_dropped() -> None:
    """techdocs-core puts Material in its place, to which they mean nothing."""
    assert sanitised("theme: {name: readthedocs, language: de}").settings["theme"] == {
        "name": "material",
        "font": False,
    }
    assert sanitised("theme: readthedocs").settings["theme"] == {"name": "material", "font": False}


def test_the_search_of_material_becomes_the_core_s() -> None:
    """With two searches, the one that writes last would win."""
    plugins = sanitised("plugins: [material/search]").settings["plugins"]
    assert plugins == {"techdocs-core": {"use_material_search": True}}


def test_a_group_counts_when_it_is_enabled() -> None:
    """Its plugins are then treated as if they stood outside."""
    group = "plugins: [group: {{enabled: {}, plugins: [redirects: {{redirect_maps: {{a.md: b.md}}}}]}}]"
    assert "redirects" in str(sanitised(group.format("true")).settings["plugins"])
    assert "redirects" not in str(sanitised(group.format("false")).settings["plugins"])


def test_a_site_without_a_name_has_that_of_its_service() -> None:
    """Also where there is no configuration at all."""
    assert sanitised("docs_dir: docs").site_name == "From the service"
    assert default_configuration("Orders").site_name == "Orders"
