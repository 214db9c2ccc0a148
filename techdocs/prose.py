"""Foreign text in Markdown pages of ours: it shows as it is written and means nothing to the parser.

Markdown extensions read lines before any HTML is escaped (snippets, PlantUML, Graphviz), so escaping
HTML is not enough: every character that could begin something is written as its character reference.
"""

from __future__ import annotations

import html
import re
from typing import Final

_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]<>#+!?|&~^=:@$%]|^/")
# A dash begins a list, a rule or a snippet; a full stop a numbered list or, after www, a link.
_DASH: Final = re.compile(r"(?:^|(?<=-))-|-(?=-)")
_STOP: Final = re.compile(r"(?:(?<=\d)|(?<=www))\.", re.IGNORECASE)
_SPACES: Final = re.compile(r"\s+")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_FENCE: Final = re.compile(r"^ {0,3}(```+|~~~+)")
_BULLET: Final = re.compile(r"^(?P<indent> *)(?:[-*+]|\d{1,9}[.)]) +(?P<text>.*)$")
_LIST_ITEM: Final = re.compile(r" *- ")
_HEADING: Final = re.compile(r"^ {0,3}#{1,6} +(?P<text>.*?)[ #]*$")
_INLINE: Final = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|\*\*(?P<strong>[^*\n]+)\*\*"
    r"|\[(?P<text>[^\[\]\n]+)\]\((?P<address>https?://[^\s()<>\"']+)\)"
)
# Characters. A description that long is a document of its own.
LONGEST: Final = 20_000


def inert(text: str) -> str:
    """`text` on one line, as Markdown that shows just that."""
    plain = _SPACES.sub(" ", _CONTROL.sub("", text)).strip()
    plain = _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", plain)
    plain = _DASH.sub("&#45;", plain)
    return _STOP.sub("&#46;", plain)


def code(text: str) -> str:
    """`text` on one line, as code."""
    return f"<code>{inert(text)}</code>"


def prose(text: str) -> str:
    """A description in CommonMark, of which paragraphs, lists, code, bold text and links are kept.

    Headings become bold lines, so that they stay out of the page's own order; all else shows as written.
    """
    lines: list[str] = []
    fence: str | None = None
    code_lines: list[str] = []
    for line in _CONTROL.sub("", text[:LONGEST]).expandtabs(4).splitlines():
        mark = _FENCE.match(line)
        if fence is None and mark:
            fence = mark[1]
        elif fence is None:
            # A list begins after an empty line, or it is part of the paragraph.
            if _BULLET.match(line) and lines and lines[-1] and not _LIST_ITEM.match(lines[-1]):
                lines.append("")
            lines.append(_line(line))
        elif mark and mark[1].startswith(fence) and not line.strip(" `~"):
            lines.append(block(code_lines))
            fence, code_lines = None, []
        else:
            code_lines.append(line)
    if code_lines:
        lines.append(block(code_lines))
    return "\n".join(lines).strip("\n")


def sentence(text: str) -> str:
    """A description for the cell of a table: its inline part, on one line."""
    return _inline(_SPACES.sub(" ", _CONTROL.sub("", text[:LONGEST])).strip())


def block(lines: list[str]) -> str:
    """Lines of code as one block that no extension looks into."""
    body = "&#10;".join(_references(line) for line in lines)
    return f"\n<pre><code>{body}</code></pre>\n"


def _references(text: str) -> str:
    return re.sub(r"[`{}:~\-\[\]\\$]", lambda match: f"&#{ord(match[0])};", html.escape(text))


def _line(line: str) -> str:
    if heading := _HEADING.match(line):
        return f"\n**{_plain(heading['text'])}**\n"
    if bullet := _BULLET.match(line):
        # Two levels are enough for a description; deeper ones are shown on the second.
        return f"{'    ' if len(bullet['indent']) > 1 else ''}- {_inline(bullet['text'])}"
    return _inline(line.strip())


def _inline(text: str) -> str:
    parts: list[str] = []
    end = 0
    for match in _INLINE.finditer(text):
        parts.extend((_kept(text[end : match.start()]), _span(match)))
        end = match.end()
    parts.append(_kept(text[end:]))
    return "".join(parts).strip()


def _span(match: re.Match[str]) -> str:
    if match["code"]:
        return code(match["code"])
    if match["strong"]:
        return f"**{_plain(match['strong'])}**"
    return f'<a href="{html.escape(match["address"])}">{_plain(match["text"])}</a>'


def _plain(text: str) -> str:
    return inert(text) or "&nbsp;"


def _kept(text: str) -> str:
    """Inert, with the spaces at both ends that part it from its neighbours."""
    before = " " if text[:1].isspace() else ""
    after = " " if text[-1:].isspace() else ""
    return f"{before}{inert(text)}{after}"
