"""Sites within a site."""

from __future__ import annotations

from pathlib import Path

import pytest

from techdocs.configuration import Navigation
from techdocs.errors import ConfigurationError, SourceError
from techdocs.sources import Staging
from techdocs.sources.includes import resolve_includes
from tests.techdocs.conftest import Plant

SITES = {
    "docs/index.md": "# All",
    "orders/mkdocs.yml": "site_name: orders\nnav: [Home: index.md, More: 'https://example.com']\n",
    "orders/docs/index.md": "# Orders",
    "payments/mkdocs.yml": "site_name: Payments & more\n",
    "payments/docs/index.md": "# Payments",
    "payments/docs/how/a.md": "# A",
}


def resolved(root: Path, navigation: Navigation) -> tuple[Navigation, list[str]]:
    target = root.parent / "target"
    target.mkdir()
    staging = Staging(root, target)
    return resolve_includes(navigation, "", staging), staging.pages()


def test_an_include_becomes_a_section(plant: Plant) -> None:
    """Below the name of the other site, in its own order or in that of MkDocs."""
    navigation, pages = resolved(
        plant(SITES), ["index.md", {"Orders": "!include ./orders/mkdocs.yml"}, {"Pay": "!include payments/mkdocs.yml"}]
    )
    assert navigation == [
        "index.md",
        {"Orders": [{"Home": "orders/index.md"}, {"More": "https://example.com"}]},
        {"Pay": ["payments-more/index.md", {"How": ["payments-more/how/a.md"]}]},
    ]
    assert pages == ["orders/index.md", "payments-more/how/a.md", "payments-more/index.md"]


def test_a_pattern_includes_all_that_match(plant: Plant) -> None:
    """Each below its own name."""
    navigation, _ = resolved(plant(SITES), [{"Services": "*include ./*/mkdocs.yml"}])
    assert navigation == [
        {
            "Services": [
                {"orders": [{"Home": "orders/index.md"}, {"More": "https://example.com"}]},
                {"Payments & more": ["payments-more/index.md", {"How": ["payments-more/how/a.md"]}]},
            ]
        }
    ]


@pytest.mark.parametrize("path", ["/etc/passwd", "../../x/mkdocs.yml", "absent/mkdocs.yml", "docs/index.md", "orders"])
def test_an_include_names_a_configuration_of_the_repository(plant: Plant, path: str) -> None:
    """Anything else is refused before it is read."""
    with pytest.raises(SourceError, match="names no file of this repository"):
        resolved(plant(SITES), [{"X": f"!include {path}"}])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("site_name: !!python/object/apply:os.system [id]", "tag"),
        ("site_name: x\ndocs_dir: ../../etc", "no such folder"),
        ("docs_dir: docs", "site_name is missing"),
        ("site_name: x\nnav: [Y: '!include ../payments/mkdocs.yml']", "cannot include others"),
    ],
)
def test_an_included_configuration_is_read_as_carefully(plant: Plant, text: str, message: str) -> None:
    """The plugin that does this in MkDocs would run it."""
    with pytest.raises(ConfigurationError) as raised:
        resolved(plant({**SITES, "orders/mkdocs.yml": text}), [{"X": "!include orders/mkdocs.yml"}])
    assert message in str(raised.value)


def test_a_name_cannot_lead_outside(plant: Plant) -> None:
    """The other site's pages stand in a folder of that name."""
    root = plant({**SITES, "orders/mkdocs.yml": "site_name: ../../outside\n"})
    navigation, _ = resolved(root, [{"X": "!include orders/mkdocs.yml"}])
    assert navigation == [{"X": ["outside/index.md"]}]


def test_two_sites_need_two_names(plant: Plant) -> None:
    """Their pages would stand in one folder."""
    with pytest.raises(SourceError, match="Two sites or folders"):
        resolved(plant(SITES), [{"A": "!include orders/mkdocs.yml"}, {"B": "!include orders/mkdocs.yml"}])
