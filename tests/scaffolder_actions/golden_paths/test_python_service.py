"""The golden path of the product: whatever is filled in, what comes out is whole."""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate as validate_openapi

from foundation.golden_path import load_golden_path
from foundation.service import Service, load_service
from foundation.settings import PlatformSettings
from foundation.yaml import load_yaml
from scaffolder_actions.golden_paths import GoldenPathRenderer
from scaffolder_actions.workload import compile_environment

PLATFORM = PlatformSettings()
SIZES = ["none", "small", "medium", "large"]


def rendered(renderer: GoldenPathRenderer, golden_path: Path, into: Path, **values: str) -> Service:
    given = {"name": "payment-api", "team": "commerce", "description": "Takes payments.", **values}
    renderer.render(golden_path, given, into)
    return load_service((into / "service.yaml").read_bytes(), "service.yaml", PLATFORM)


def test_says_what_one_gets_and_asks_with_examples(python_service: Path) -> None:
    """A person who chooses knows what comes; every field that must be filled in has an example."""
    golden_path = load_golden_path(python_service)
    assert golden_path.title == "New Python service"
    assert golden_path.gives
    assert [field.name for field in golden_path.fields if field.required] == ["name", "team", "description"]
    assert all(field.examples for field in golden_path.fields if field.required)
    assert all(field.title and field.description for field in golden_path.fields)


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


def test_its_pipeline_is_pinned_and_has_the_least_rights(
    renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path
) -> None:
    """Actions by commit, no permissions by default, no credentials left behind."""
    rendered(renderer, python_service, tmp_path)
    workflow = load_yaml((tmp_path / ".github/workflows/ci.yaml").read_bytes(), "ci.yaml").mapping
    assert workflow["permissions"] == {}
    assert workflow["concurrency"]["group"] == "${{ github.workflow }}-${{ github.ref }}"
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    used = [step for step in steps if "uses" in step]
    assert all(len(step["uses"].partition("@")[2]) == 40 for step in used)
    assert all(step["with"]["persist-credentials"] is False for step in used if "checkout" in step["uses"])


def test_its_image_runs_as_nobody(renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path) -> None:
    """By number, as the cluster asks; in two stages, on a version that is named."""
    rendered(renderer, python_service, tmp_path)
    lines = (tmp_path / "Dockerfile").read_text().splitlines()
    assert "USER 10001:10001" in lines
    assert sum(line.startswith("FROM ") for line in lines) == 2
    assert not any("latest" in line for line in lines)


def test_its_modules_without_a_framework_work(
    renderer: GoldenPathRenderer, python_service: Path, tmp_path: Path
) -> None:
    """Settings and logs need nothing but Python."""
    rendered(renderer, python_service, tmp_path)
    program = (
        "import logging; from service.settings import load_settings; from service.logs import configure_logs\n"
        "configure_logs(); logging.getLogger('x').info('port %s', load_settings({'PORT': '9000'}).port)"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert load_yaml(ran.stderr, "log").mapping["message"] == "port 9000"
