"""The golden path of the product: whatever is filled in, what comes out is whole."""

from __future__ import annotations

import itertools
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate as validate_openapi

from foundation.service import Service, load_service, releases
from foundation.settings import PlatformSettings
from foundation.yaml import load_yaml
from scaffolder_actions.actions.platform_files import platform_files
from scaffolder_actions.golden_paths import GoldenPathRenderer
from scaffolder_actions.plans.files import compare_files
from scaffolder_actions.plans.standing import FIRST_VERSION, standing_in_folder
from scaffolder_actions.workload import compile_environment, render_service

PLATFORM = PlatformSettings()
SIZES = ["none", "small", "medium", "large"]


def rendered(renderer: GoldenPathRenderer, golden_path: Path, into: Path, **values: str) -> Service:
    given = {"name": "payment-api", "team": "commerce", "description": "Takes payments.", **values}
    renderer.render(golden_path, given, into, platform_files(PLATFORM))
    return load_service((into / "service.yaml").read_bytes(), "service.yaml", PLATFORM)


@pytest.mark.parametrize(("database", "cache"), itertools.product(SIZES[:2], SIZES[2:3] + SIZES[:1]))
def test_the_document_asks_for_what_was_chosen(
    renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path, database: str, cache: str
) -> None:
    """And is one from which a workload can be made."""
    service = rendered(renderer, python_service, tmp_path, database=database, cache=cache, system="checkout")
    chosen = {"postgresql": database, "redis": cache}
    expected = {kind: size for kind, size in chosen.items() if size != "none"}
    assert {each.type: each.size for each in service.dependencies} == expected
    assert (service.name, service.team, service.system) == ("payment-api", "commerce", "checkout")
    assert all(compile_environment(service, each, "0.1.0", PLATFORM).objects for each in service.environments)


@settings(max_examples=15, deadline=None)
@given(
    name=st.sampled_from(["null", "true", "a", "y", "no", "x1-2"])
    | st.from_regex(r"[a-z][a-z0-9]{0,39}", fullmatch=True),
    team=st.sampled_from(["1", "0", "on", "team-a"]),
    description=st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cn", "Co", "Cf"], exclude_characters='"\\<>{}'),
        min_size=1,
    ).filter(lambda text: text.strip() == text and len(text) <= 200),
)
def test_any_answers_become_documents_that_say_them(
    renderer: GoldenPathRenderer, python_service: Path, name: str, team: str, description: str
) -> None:
    """YAML, TOML and Python carry each text as it was typed."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder)
        service = rendered(renderer, python_service, into, name=name, team=team, description=description)
        assert (service.name, service.team, service.description) == (name, team, description)
        assert tomllib.loads((into / "pyproject.toml").read_text())["project"]["description"] == description
        assert load_yaml((into / "mkdocs.yml").read_bytes(), "mkdocs.yml").mapping["site_name"] == name
        assert load_yaml((into / "openapi.yaml").read_bytes(), "openapi.yaml").mapping["info"]["title"] == name
        for path in into.rglob("*.py"):
            compile(path.read_text(), path.name, "exec")


def test_the_api_document_is_openapi(renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path) -> None:
    """By the specification's own schema, and with the path that the platform asks for health."""
    service = rendered(renderer, python_service, tmp_path)
    assert service.api is not None
    document: dict[str, Any] = yaml.safe_load((tmp_path / service.api).read_text())
    validate_openapi(document)
    assert service.probes.path in document["paths"]


def test_its_documents_lead_to_one_another(renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path) -> None:
    """Every page of the navigation, the runbook and a decision are there."""
    service = rendered(renderer, python_service, tmp_path)
    navigation: list[dict[str, str]] = load_yaml((tmp_path / "mkdocs.yml").read_bytes(), "mkdocs.yml").mapping["nav"]
    pages = [page for item in navigation for page in item.values()]
    assert all((tmp_path / "docs" / page).is_file() for page in pages)
    assert service.runbook is not None
    assert (tmp_path / service.runbook).is_file()
    decision = (tmp_path / "docs/decisions/0001-build-on-fastapi.md").read_text()
    assert decision.startswith("---\nstatus: accepted\ndate: 20")


def test_its_repository_holds_all_that_its_document_becomes(
    renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path
) -> None:
    """From the first commit on, so that a plan against it is empty; the pipeline is the one of every service."""
    service = rendered(renderer, python_service, tmp_path, database="small")
    made = render_service(service, dict.fromkeys(service.environments, FIRST_VERSION), PLATFORM)
    changes = compare_files(made, standing_in_folder(tmp_path, made))
    assert [(each.name, each.verb) for each in changes if each.verb != "keep"] == []
    assert {each.name for each in (tmp_path / ".github/workflows").iterdir()} == {
        "delivery.yaml",
        "preview.yaml",
        "rescan.yaml",
    }
    # Its own pages stand; what it leaves to the platform is there.
    assert (tmp_path / "docs/index.md").read_text().startswith("# payment-api\n\nTakes payments.\n")
    assert "## PodCrashLoops" in (tmp_path / "docs/runbook.md").read_text()


def test_it_is_pinned_to_the_release_it_was_made_with(
    renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path
) -> None:
    """A newer release of the platform comes as a change to the document, with a plan of what it does."""
    assert rendered(renderer, python_service, tmp_path).platform == list(releases())[-1]
