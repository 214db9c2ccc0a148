"""What moving a service to another release changes in its repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.connections.git import FolderTree
from foundation.errors import InputError, NotFoundError
from foundation.service import ServiceDocumentError, load_service
from foundation.settings import PlatformSettings
from scaffolder_actions.upgrades import Upgrade, upgrade_of
from scaffolder_actions.workload import render_service

PLATFORM = PlatformSettings()
DOCUMENT = """\
# What order-api needs.
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  platform: "2026.10" # until the next review
  dependencies:
    - type: postgresql
"""


def repository(folder: Path, document: str = DOCUMENT, versions: dict[str, str] | None = None) -> FolderTree:
    """A repository with a document, and what was rendered of it."""
    (folder / "service.yaml").write_text(document)
    service = load_service(document, "service.yaml", PLATFORM)
    for path, file in render_service(service, versions or {}, PLATFORM).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(file.text)
    return FolderTree(folder)


def upgraded(tree: FolderTree, release: str | None = None) -> Upgrade:
    return upgrade_of(tree, "service.yaml", release, PLATFORM)


def test_only_the_pin_changes_in_the_document(tmp_path: Path) -> None:
    """Every other character is the team's."""
    upgrade = upgraded(repository(tmp_path))
    assert upgrade.files["service.yaml"] == DOCUMENT.replace('"2026.10"', '"2026.11"').encode()
    assert [each.name for each in upgrade.passed] == ["2026.11"]


def test_what_was_rendered_is_rendered_anew_with_its_versions(tmp_path: Path) -> None:
    """Files that the release does not change are left alone, and so is the version that runs."""
    tree = repository(tmp_path, versions={"staging": "1.5.0", "production": "1.4.2"})
    files = upgraded(tree).files
    assert set(files) == {"service.yaml", "deploy/staging/aws/stack.yaml", "deploy/production/aws/stack.yaml"}
    assert b"17.6" in (files["deploy/production/aws/stack.yaml"] or b"")
    assert b"17.5" not in (files["deploy/production/aws/stack.yaml"] or b"")


def test_a_service_without_a_pin_gets_one(tmp_path: Path) -> None:
    """It followed the newest; from now on it moves when somebody says so."""
    document = DOCUMENT.replace('  platform: "2026.10" # until the next review\n', "")
    assert (
        upgraded(repository(tmp_path, document)).files["service.yaml"]
        == document.replace("spec:\n", 'spec:\n  platform: "2026.11"\n').encode()
    )


def test_nothing_changes_where_the_release_is_there_already(tmp_path: Path) -> None:
    """To ask again is harmless."""
    upgrade = upgraded(repository(tmp_path), "2026.10")
    assert (upgrade.files, upgrade.after) == ({}, upgrade.before)


def test_there_is_a_way_back(tmp_path: Path) -> None:
    """An older release is a release like any other."""
    newer = DOCUMENT.replace("2026.10", "2026.11")
    upgrade = upgraded(repository(tmp_path, newer), "2026.10")
    assert upgrade.files["service.yaml"] == DOCUMENT.encode()
    assert [each.name for each in upgrade.passed] == ["2026.10"]


def test_a_document_that_the_new_release_makes_wrong_is_said_at_its_line(tmp_path: Path) -> None:
    """Before anything is proposed."""
    releases = tmp_path / "releases"
    releases.mkdir()
    carried = Path(__file__).parents[3] / "foundation" / "service" / "releases" / "2026.10.yaml"
    older = carried.read_text()
    newer = older.replace('"2026.10"', '"2026.12"').replace("2026-10-05", "2027-12-01")
    (releases / "2026.10.yaml").write_text(older)
    (releases / "2026.12.yaml").write_text(newer)
    document = DOCUMENT.replace("type: postgresql", 'type: postgresql\n      version: "15"')
    (tmp_path / "service.yaml").write_text(document)
    with pytest.raises(ServiceDocumentError, match="postgresql 15 is past its end"):
        upgrade_of(FolderTree(tmp_path), "service.yaml", None, PlatformSettings(releases=releases))


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """A repository without a document, and a release that nobody made."""
    with pytest.raises(NotFoundError, match=r"no service\.yaml"):
        upgraded(FolderTree(tmp_path))
    with pytest.raises(InputError, match=r'no release "2027\.01"'):
        upgraded(repository(tmp_path), "2027.01")
