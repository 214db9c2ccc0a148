"""Pages about repositories for people: what there is, how to clone it, and what is in it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from foundation.connections.git import Repository

# Every value is escaped where it is put in; the page runs and loads nothing.
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
pre {{ padding: 1rem; overflow: auto; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: 4px; }}
li {{ margin: .25rem 0; }} .note {{ opacity: .75; }}
</style></head><body>
<nav><a href="/">All repositories</a></nav><h1>{title}</h1>
{body}
<p class="note">Repositories of Greenroom's local platform. In production this is your Git host.</p>
</body></html>"""


def index_page(repositories: Iterable[Repository]) -> str:
    """The list of all repositories."""
    items = "".join(f'<li><a href="/{quote(each.name)}">{escape(each.name)}</a></li>' for each in repositories)
    return _page("Repositories", f"<ul>{items}</ul>" if items else "<p>There are none yet.</p>")


def repository_page(repository: Repository, revision: str | None, files: Iterable[str], readme: str | None) -> str:
    """One repository: how to clone it, its files, and its README as text."""
    name = quote(repository.name)
    items = "".join(f'<li><a href="/{name}/blob/{quote(path)}">{escape(path)}</a></li>' for path in files)
    parts = [
        f"<pre>git clone {escape(repository.clone_url)}</pre>",
        f"<p>Branch {escape(repository.default_branch)} at <code>{escape(revision[:12])}</code></p>"
        if revision
        else "<p>It is empty.</p>",
        f"<h2>Files</h2><ul>{items}</ul>" if items else "",
        f"<h2>README</h2><pre>{escape(readme)}</pre>" if readme else "",
    ]
    return _page(repository.name, "".join(parts))


def file_page(repository: Repository, path: str, content: bytes) -> str:
    """One file, as text."""
    text = content.decode("utf-8", errors="replace")
    back = f'<p><a href="/{quote(repository.name)}">{escape(repository.name)}</a></p>'
    return _page(path, f"{back}<pre>{escape(text)}</pre>")


def _page(title: str, body: str) -> str:
    return _PAGE.format(title=escape(title), body=body)
