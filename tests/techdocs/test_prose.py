"""Foreign text stays text."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from techdocs.prose import inert, prose, sentence

# The extensions of techdocs-core that look at text.
EXTENSIONS = [
    "toc",
    "admonition",
    "pymdownx.details",
    "pymdownx.tabbed",
    "pymdownx.caret",
    "pymdownx.critic",
    "pymdownx.emoji",
    "pymdownx.inlinehilite",
    "pymdownx.magiclink",
    "pymdownx.mark",
    "pymdownx.snippets",
    "pymdownx.highlight",
    "pymdownx.extra",
    "pymdownx.tasklist",
    "pymdownx.tilde",
    "markdown_inline_graphviz",
    "plantuml_markdown",
    "pymdownx.blocks.admonition",
    "pymdownx.blocks.html",
    "pymdownx.arithmatex",
    "abbr",
    "mdx_truly_sane_lists",
]
TRICKS = [
    "<script>alert(1)</script>",
    '--8<-- "/etc/passwd"',
    "-8<- '/etc/passwd'",
    "--8<--\n/etc/passwd\n--8<--",
    "[click](javascript:alert(1))",
    "![x](https://example.com/x.png)",
    "```graphviz dot x.svg\ndigraph {}\n```",
    "{% dot x.svg\ndigraph {} %}",
    "::uml:: source='/etc/passwd'\n::end-uml::",
    ":smile: ==mark== ^^ins^^ ~~del~~ {--critic--} {++critic++}",
    "<https://example.com> www.example.com ada@example.com https://example.com",
    "| a | b |\n|---|---|",
    "1. one\n- two\n# three\n> four\n!!! note",
    "text\n===\n\ntext\n---",
    "*[HTML]: x\n\n[^1]: y",
    "{ #id .class onclick=alert(1) }",
    "&lt;script&gt; &amp;",
    '??? "title"',
    "\\*escaped\\*",
    "/// html | script\nalert(1)\n///",
    "$x$ \\(x\\)",
]
BLOCKS = {
    "script",
    "img",
    "svg",
    "a",
    "table",
    "h1",
    "h2",
    "ul",
    "ol",
    "pre",
    "em",
    "strong",
    "blockquote",
    "div",
    "mark",
}


class Reading(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def rendered(markdown: str) -> Reading:
    from markdown import markdown as render  # type: ignore[import-untyped]

    return Reading(render(markdown, extensions=EXTENSIONS))


@pytest.mark.parametrize("trick", TRICKS)
def test_tricks_show_as_they_are_written(trick: str) -> None:
    """In a paragraph of its own, nothing of it means anything to any extension."""
    page = rendered(inert(trick))
    assert page.tags == {"p"}
    assert page.text.split() == trick.split()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("ab1 \n`*_-=<>!#[](){}|:.~^+&\"'\\/8$%@w?;")), max_size=30))
def test_any_text_shows_as_it_is_written(text: str) -> None:
    """Whatever the characters and their order."""
    page = rendered(f"x {inert(text)} y\n\n{inert(text)}")
    assert page.tags <= {"p"}
    assert page.text.split() == ["x", *text.split(), "y", *text.split()]


@pytest.mark.parametrize("trick", TRICKS)
def test_descriptions_run_and_read_nothing(trick: str) -> None:
    """Of Markdown in a description, only its harmless part is kept."""
    page = rendered(prose(trick))
    assert not page.tags & {"script", "img", "svg", "table", "h1", "h2", "mark", "div", "details"}
    assert "root:" not in page.text
    assert "javascript" not in "".join(re.findall(r'href="([^"]*)"', prose(trick)))


def test_descriptions_keep_their_form() -> None:
    """Paragraphs, lists, code, bold text and links to the web."""
    text = "Takes `POST` and **answers**.\nSee [the guide](https://example.com/a?b=1&c=2).\n* one\n* two\n\n## Note\n```\nx < y\n```"
    page = rendered(prose(text))
    assert {"p", "code", "strong", "a", "ul", "li", "pre"} <= page.tags
    assert 'href="https://example.com/a?b=1&amp;c=2"' in prose(text)
    assert "x &lt; y" in prose(text)
    assert html.unescape("Note") in page.text


def test_a_sentence_stays_on_one_line() -> None:
    """A cell of a table ends with its line."""
    assert "\n" not in sentence("one\ntwo | three\n\nfour")
