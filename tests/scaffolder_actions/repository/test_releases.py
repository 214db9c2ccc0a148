"""The copy of a release that a repository holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.service import find_release
from foundation.settings import PlatformSettings
from scaffolder_actions.plans.standing import environment_of
from scaffolder_actions.workload import render_service
from tests.judges.documents import document_of, service_of

CARRIED = Path(__file__).parents[3] / "foundation" / "service" / "releases"


@pytest.fixture
def ours(tmp_path: Path) -> PlatformSettings:
    """A platform whose small pods are smaller."""
    text = (CARRIED / "2026.11.yaml").read_text().replace("small: 256Mi", "small: 192Mi")
    (tmp_path / "2026.11.yaml").write_text(text)
    return PlatformSettings(releases=tmp_path)


def test_a_repository_of_a_platform_with_releases_of_its_own_is_rendered_alike_by_its_copy(
    ours: PlatformSettings, tmp_path: Path
) -> None:
    """The pipeline has no other, and is told where it is."""
    service = service_of(document_of())
    files = render_service(service, {"staging": "1"}, ours)
    copied = tmp_path / "repository"
    copied.mkdir()
    (copied / "2026.11.yaml").write_text(files["deploy/releases/2026.11.yaml"].text)
    there = PlatformSettings(releases=copied)
    assert find_release("2026.11", there) == find_release("2026.11", ours) != find_release("2026.11")
    deployment = "deploy/staging/kubernetes/deployment.yaml"
    assert render_service(service, {"staging": "1"}, there)[deployment] == files[deployment]
    workflow = files[".github/workflows/delivery.yaml"].text
    assert "GREENROOM_PLATFORM_RELEASES: deploy/releases\n" in workflow


def test_the_releases_that_the_command_carries_are_not_copied() -> None:
    """It has them where it is installed."""
    files = render_service(service_of(document_of()), {"staging": "1"}, PlatformSettings())
    assert not [path for path in files if "releases" in path]


def test_the_copy_belongs_to_no_environment() -> None:
    """Unless one is called so."""
    assert environment_of("deploy/releases/2026.11.yaml") == ""
    assert environment_of("deploy/releases/kubernetes/deployment.yaml") == "releases"
