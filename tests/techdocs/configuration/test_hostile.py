"""What a repository may not make MkDocs do."""

from __future__ import annotations

import json

import pytest

from techdocs.configuration import Configuration, parse_configuration, sanitise
from techdocs.errors import ConfigurationError


def sanitised(text: str) -> Configuration:
    return sanitise(parse_configuration(f"site_name: Order API\n{text}".encode(), "mkdocs.yml"), site_name="x")


LEFT_OUT = {
    "hooks run Python": ("hooks: [evil.py]", "hooks"),
    "an inherited file is read from anywhere": ("INHERIT: /etc/passwd", "INHERIT"),
    "scripts run in the reader": ("extra_javascript: [evil.js]", "extra_javascript"),
    "templates run Jinja": ("extra_templates: [evil.html]", "extra_templates"),
    "drafts are for previews": ("draft_docs: '*'", "draft_docs"),
    "a theme's folder holds templates": ("theme: {name: material, custom_dir: evil}", "custom_dir"),
    "a theme's templates are listed": ("theme: {name: material, static_templates: [x]}", "static_templates"),
    "a plugin is a program": ("plugins: [techdocs-core, macros]", "macros"),
    "a plugin with options too": ("plugins: [exec: {command: id}]", "exec"),
    "a plugin as the key of a mapping": ("plugins: {techdocs-core: {}, exec: {}}", "exec"),
    "monorepo follows paths": ("plugins: [monorepo]", "monorepo"),
    "a plugin in a group": ("plugins: [group: {enabled: true, plugins: [macros]}]", "macros"),
    "a class instead of an extension": ("markdown_extensions: ['os:system']", "os:system"),
    "a class with options": ("markdown_extensions: ['evil.module:Extension': {}]", "evil.module:Extension"),
    "any module instead of an extension": ("markdown_extensions: [antigravity]", "antigravity"),
    "a program for PlantUML": ("markdown_extensions: [plantuml_markdown: {plantuml_cmd: id}]", "plantuml_cmd"),
    "a server for PlantUML": ("markdown_extensions: [plantuml_markdown: {server: 'http://10.0.0.1'}]", "server"),
    "a file for PlantUML": ("markdown_extensions: [plantuml_markdown: {config: /etc/passwd}]", "config"),
    "snippets from anywhere": ("markdown_extensions: [pymdownx.snippets: {base_path: /}]", "base_path"),
    "snippets from the network": ("markdown_extensions: [pymdownx.snippets: {url_download: true}]", "url_download"),
    "snippets in another spelling": (
        "markdown_extensions: ['pymdownx.snippets:SnippetExtension': {base_path: /}]",
        "base_path",
    ),
    "snippets unconfined": (
        "markdown_extensions: [pymdownx.snippets: {restrict_base_path: false}]",
        "restrict_base_path",
    ),
    "images of the machine": ("markdown_extensions: [pymdownx.b64]", "pymdownx.b64"),
    "icons of the machine": (
        "markdown_extensions: [pymdownx.emoji: {options: {custom_icons: [/etc]}}]",
        "custom_icons",
    ),
    "a function by name": ("markdown_extensions: [toc: {slugify: os.system}]", "slugify"),
    "a generator by name": ("markdown_extensions: [pymdownx.emoji: {emoji_generator: os.system}]", "emoji_generator"),
    "a redirect that writes outside": ("plugins: [redirects: {redirect_maps: {../../x.md: a.md}}]", "../../x.md"),
    "a redirect that writes anywhere": ("plugins: [redirects: {redirect_maps: {/tmp/x.md: a.md}}]", "/tmp/x.md"),
    "a redirect with markup": ('plugins: [redirects: {redirect_maps: {x.md: "http://x/\\"><script>"}}]', "x.md"),
    "an address that is none": ("repo_url: 'javascript:alert(1)'", "repo_url"),
}


@pytest.mark.parametrize(("text", "name"), LEFT_OUT.values(), ids=LEFT_OUT.keys())
def test_what_could_run_or_read_is_left_out(text: str, name: str) -> None:
    """It does not reach MkDocs, the rest does, and a warning names it with its line."""
    configuration = sanitised(text)
    assert name not in json.dumps(configuration.settings)
    [warning] = configuration.warnings
    assert warning.startswith("mkdocs.yml:2:")
    assert name in warning
    assert configuration.site_name == "Order API"


REFUSED = {
    "a Python object": ("extra: !!python/object/apply:os.system [id]", "tag"),
    "a Python name": ("extra: {x: !!python/name:os.system }", "tag"),
    "the emoji's tag with another function": ("markdown_extensions: [toc: {x: !!python/name:os.system }]", "tag"),
    "a secret of the environment": ("copyright: !ENV HOME", "tag"),
    "a path tag": ("markdown_extensions: [pymdownx.snippets: {base_path: [!relative $docs_dir]}]", "tag"),
    "aliases that multiply": ("extra: {a: &a [1, 2], b: [*a, *a]}", "anchor"),
    "a key twice": ("site_name: Other", "second time"),
    "endless depth": (f"extra: {'[' * 500}", "deeper"),
    "a huge number": (f"extra: {{x: {'9' * 5000}}}", "too large"),
    "pages outside": ("docs_dir: ../..", "inside the repository"),
    "pages outside by a detour": ("docs_dir: docs/../../etc", "inside the repository"),
    "pages anywhere": ("docs_dir: /etc", "inside the repository"),
    "the repository as pages": ("docs_dir: .", "inside the repository"),
    "pages with a zero": ('docs_dir: "docs\\0"', "inside the repository"),
    "plugins that are text": ("plugins: all", "must be a list"),
    "an extension of two names": ("markdown_extensions: [{toc: {}, tables: {}}]", "one name"),
    "a menu that is text": ("nav: index.md", "must be a list"),
    "a menu item without a page": ("nav: [Home: ]", "must be a list of pages"),
    "a switch that is text": ("strict: perhaps", "true or false"),
    "a title that is a list": ("site_description: [a]", "must be text"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_used_stops_the_build(text: str, message: str) -> None:
    """One error, with the place and what is wrong there."""
    with pytest.raises(ConfigurationError) as raised:
        sanitised(text)
    assert any(message in str(problem) for problem in raised.value.problems)
    assert all(problem.line >= 1 for problem in raised.value.problems)


def test_every_problem_is_named_at_once() -> None:
    """Who mends a file mends it once."""
    with pytest.raises(ConfigurationError) as raised:
        sanitised("docs_dir: ..\nstrict: perhaps\nnav: x\n")
    assert [problem.line for problem in raised.value.problems] == [3, 4, 2]


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just text"])
def test_a_file_that_is_no_mapping_is_refused(text: str) -> None:
    """MkDocs would fail with less to say."""
    with pytest.raises(ConfigurationError, match="must be a mapping"):
        parse_configuration(text.encode(), "mkdocs.yml")


def test_a_file_too_large_is_refused_unread() -> None:
    """512 KiB are the navigation of thousands of pages."""
    with pytest.raises(ConfigurationError, match="larger than"):
        parse_configuration(b"#" * 600_000, "mkdocs.yml")
