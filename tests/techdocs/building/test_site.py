"""Real builds with MkDocs. Each takes a second or two, so one site shows many things."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from techdocs import BuildResult, build_site
from techdocs.building import Limits, build_project
from techdocs.errors import BuildFailedError, NothingToBuildError
from techdocs.sources import find_project
from tests.techdocs.conftest import Plant

OPENAPI = """
openapi: 3.0.3
info: {title: Order API, version: "1"}
paths: {/orders: {get: {operationId: listOrders, tags: [orders], summary: List orders, responses: {'200': {description: All.}}}}}
"""
PAGE = """
# Order API

A page :smile: with a [link](guide.md).

--8<-- "shared/terms.txt"

--8<-- "/etc/passwd"

--8<-- "../outside.txt"

--8<-- "link-to-outside"

```plantuml source="/etc/passwd" format="txt"
```

``` plantuml source="../outside.txt"
```

!!! note
    An admonition.
"""
CONFIGURATION = """
site_name: Order API
nav: [Overview: index.md, Guide: guide.md]
plugins: [techdocs-core, redirects: {redirect_maps: {old.md: guide.md}}]
hooks: [hook.py]
extra: {secret: "{{ config.plugins }}"}
copyright: "{{ 7 * 7 }}"
markdown_extensions:
  - pymdownx.emoji:
      emoji_index: !!python/name:materialx.emoji.twemoji
      emoji_generator: !!python/name:materialx.emoji.to_svg
  - toc:
      slugify: !!python/object/apply:pymdownx.slugs.slugify
        kwds: {case: lower}
"""
SITE = {
    "mkdocs.yml": CONFIGURATION,
    "hook.py": "import pathlib; pathlib.Path(__file__).with_name('hooked').touch()",
    "openapi.yaml": OPENAPI,
    "docs/index.md": PAGE,
    "docs/guide.md": "# Guide\n\n## A Part\n\nWords to search for: aubergine.\n",
    "docs/decisions/0002-second.md": "# Second\n\n* Status: proposed\n",
    "docs/decisions/0001-first.md": "---\nstatus: accepted\ndate: 2024-01-02\n---\n# First\n",
    "docs/decisions/template.md": "# Template\n",
    "shared/terms.txt": "Terms that are shared.",
}
SECRET = "content-from-outside"


class Site:
    """A built site, its log and how it came out."""

    def __init__(self, root: Path, folder: Path, result: BuildResult, log: list[tuple[str, str]]) -> None:
        self.root = root
        self.folder = folder
        self.result = result
        self.log = log

    def page(self, path: str) -> str:
        return (self.folder / path).read_text()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    base = tmp_path_factory.mktemp("site")
    root = base / "repository"
    for path, text in SITE.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (base / "outside.txt").write_text(SECRET)
    (root / "link-to-outside").symlink_to(base / "outside.txt")
    log: list[tuple[str, str]] = []
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GREENROOM_TEST_SECRET", SECRET)
        result = build_site(root, base / "out", log=lambda message, level: log.append((level, message)))
    return Site(root, base / "out", result, log)


def test_pages_are_built_with_the_core_s_extensions(site: Site) -> None:
    """Admonitions, emoji, snippets of the repository, anchors of the function that was named."""
    page = site.page("index.html")
    assert 'class="admonition note"' in page
    assert "twemoji" in page
    assert "Terms that are shared." in page
    assert 'id="a-part"' in site.page("guide/index.html")


def test_nothing_of_the_machine_reaches_a_page(site: Site) -> None:
    """Neither by snippets, nor by links, diagrams, templates or the environment."""
    assert not (site.root / "hooked").exists()
    everything = "".join(
        path.read_text(errors="replace") for path in site.folder.rglob("*") if path.suffix in {".html", ".json"}
    )
    assert "root:" not in everything
    assert SECRET not in everything
    assert "{{ 7 * 7 }}" in everything


def test_the_repository_is_left_as_it_was(site: Site) -> None:
    """A build writes to its own folders alone."""
    files = sorted(path.relative_to(site.root).as_posix() for path in site.root.rglob("*") if path.is_file())
    assert files == sorted([*SITE, "link-to-outside"])


def test_the_search_index_has_every_page(site: Site) -> None:
    """Backstage's search reads location, title and text of each."""
    docs = json.loads(site.page("search/search_index.json"))["docs"]
    assert all({"location", "title", "text"} <= entry.keys() for entry in docs)
    locations = {entry["location"] for entry in docs}
    assert {"", "guide/", "api/", "api/orders/", "decisions/", "decisions/0001-first/"} <= locations
    assert any("aubergine" in entry["text"] for entry in docs)


def test_api_and_decisions_are_sections_of_the_menu(site: Site) -> None:
    """After the pages that the repository puts in order."""
    menu = site.page("index.html")
    links = ('href="guide/"', 'href="api/"', 'href="decisions/"', "0001 First", "0002 Second")
    places = [menu.index(link) for link in links]
    assert places == sorted(places)
    assert "List orders" in site.page("api/orders/index.html")
    table = site.page("decisions/index.html")
    assert '<a href="0001-first/">First</a>' in table
    assert table.index("First</a>") < table.index("Second</a>")


def test_redirects_lead_to_pages(site: Site) -> None:
    """One of the plugins that Backstage allows."""
    assert "guide/" in site.page("old/index.html")


def test_what_was_left_out_is_said(site: Site) -> None:
    """As a warning in the log and in the result."""
    assert ("warn", 'mkdocs.yml:5:1: "hooks" is left out: TechDocs builds without it.') in site.log
    assert any("hooks" in warning for warning in site.result.warnings)


def test_a_diagram_without_plantuml_shows_as_text(site: Site) -> None:
    """The extension would fail the whole site."""
    said = [message for _, message in site.log if "PlantUML" in message]
    if shutil.which("plantuml") is None:
        assert said == ["PlantUML is not installed where documentation is built; diagrams show as text."]
        assert "source=" in site.page("index.html")
    else:
        assert said == []


def test_the_result_says_what_there_is(site: Site) -> None:
    """The files are those of the folder; metadata is written when the site is published."""
    files = sorted(path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*") if path.is_file())
    assert list(site.result.files) == files
    assert "techdocs_metadata.json" not in files
    assert site.result.pages == sum(path.endswith(".html") for path in files)
    assert (site.result.site_name, site.result.site_description) == ("Order API", "")


def test_a_repository_without_configuration_is_built_too(plant: Plant, tmp_path: Path) -> None:
    """Named after its service, its README as first page, a broken API document as a page that says so."""
    root = plant(
        {
            "service.yaml": "apiVersion: platform.company.com/v1\nkind: Service\nmetadata: {name: order-api, team: t}\n",
            "README.md": "# The README\n",
            "docs/how-to/a.md": "# A\n",
            "docs/api/x.md": "# The team's own page\n",
            "openapi.yaml": "openapi: [",
        }
    )
    result = build_site(root, tmp_path / "out")
    assert result.site_name == "order-api"
    assert "The README" in (tmp_path / "out" / "index.html").read_text()
    assert "is wrong" in (tmp_path / "out" / "api-reference" / "index.html").read_text()
    assert "own page" in (tmp_path / "out" / "api" / "x" / "index.html").read_text()
    assert any("openapi.yaml" in warning for warning in result.warnings)


def test_the_same_pages_give_the_same_bytes(site: Site, tmp_path: Path) -> None:
    """Otherwise every publication would upload all of them."""
    result = build_site(site.root, tmp_path)
    assert result.files == site.result.files
    assert [path for path in result.files if (tmp_path / path).read_bytes() != (site.folder / path).read_bytes()] == []


def test_a_folder_without_documentation_is_refused(plant: Plant, tmp_path: Path) -> None:
    """With what to write."""
    with pytest.raises(NothingToBuildError, match=r"Write docs/index\.md"):
        build_site(plant({"src/x.py": ""}), tmp_path / "out")


def test_what_mkdocs_refuses_is_an_error_in_its_words(plant: Plant, tmp_path: Path) -> None:
    """A strict site with a broken link."""
    root = plant({"mkdocs.yml": "site_name: x\nstrict: true\n", "docs/index.md": "[x](absent.md)\n"})
    log: list[str] = []
    with pytest.raises(BuildFailedError, match="strict mode"):
        build_site(root, tmp_path / "out", log=lambda message, _: log.append(message))
    assert any("absent.md" in line for line in log)


def test_snippets_that_multiply_meet_the_limits(plant: Plant, tmp_path: Path) -> None:
    """30 levels of text that includes the next one twice: 2^30 lines."""
    files = {f"docs/s{level}.txt": f'--8<-- "docs/s{level + 1}.txt"\n' * 2 for level in range(30)}
    root = plant({**files, "docs/s30.txt": "boom\n", "docs/index.md": '--8<-- "docs/s0.txt"\n'})
    with pytest.raises(BuildFailedError, match=r"took longer than 3 seconds|memory"):
        build_site(root, tmp_path / "out", limits=Limits(seconds=3, memory=512 * 1024**2))


def test_a_build_ends_when_it_is_told_to(plant: Plant, tmp_path: Path) -> None:
    """A cancelled run does not wait for MkDocs, and its process is gone."""

    class CancelledError(Exception):
        pass

    def cancel() -> None:
        raise CancelledError

    project = find_project(plant({"docs/index.md": "# Hello\n" * 50_000}))
    with pytest.raises(CancelledError):
        build_project(project, tmp_path / "out", check=cancel)


def test_the_server_never_loads_mkdocs() -> None:
    """Importing all of the plugin costs none of MkDocs' memory."""
    check = "import sys, techdocs.app; print([m for m in sys.modules if m.split('.')[0] in {'mkdocs', 'markdown', 'boto3'}])"
    shown = subprocess.run([sys.executable, "-c", check], check=True, capture_output=True, text=True).stdout
    assert shown.strip() == "[]"
