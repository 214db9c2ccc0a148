"""What a golden path leaves to the platform."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.service import ServiceDocumentError
from foundation.settings import PlatformSettings
from scaffolder_actions.actions.platform_files import platform_files
from scaffolder_actions.golden_paths import GoldenPathRenderer, RenderingError

from .conftest import MakeGoldenPath

DOCUMENT = """\
apiVersion: platform.company.com/v1
kind: Service
metadata: { name: "{{ cookiecutter.name }}", team: commerce }
spec:
  # Ours.
  environments: [staging]
"""
FINISH = platform_files(PlatformSettings())


def test_a_project_without_a_document_stays_as_it_is(
    renderer: GoldenPathRenderer, make_golden_path: MakeGoldenPath, tmp_path: Path
) -> None:
    """A library is no service."""
    folder = make_golden_path({"library.py": ""})
    assert renderer.render(folder, {"name": "abc"}, tmp_path / "into", FINISH).files == ("library.py",)


def test_what_the_golden_path_brings_of_documentation_stands(
    renderer: GoldenPathRenderer, make_golden_path: MakeGoldenPath, tmp_path: Path
) -> None:
    """What is a beginning for others is the golden path's to begin; the rest is added, and said to be there."""
    folder = make_golden_path({"service.yaml": DOCUMENT, "docs/index.md": "# Ours\n"})
    rendered = renderer.render(folder, {"name": "abc"}, tmp_path / "into", FINISH)
    assert (tmp_path / "into/docs/index.md").read_text() == "# Ours\n"
    assert {"docs/runbook.md", "mkdocs.yml", "catalog-info.yaml", ".github/workflows/delivery.yaml"} <= set(
        rendered.files
    )


def test_the_document_is_pinned_and_else_untouched(
    renderer: GoldenPathRenderer, make_golden_path: MakeGoldenPath, tmp_path: Path
) -> None:
    """The words of the golden path stay; one that pins its release itself is left alone."""
    folder = make_golden_path({"service.yaml": DOCUMENT})
    renderer.render(folder, {"name": "abc"}, tmp_path / "into", FINISH)
    text = (tmp_path / "into/service.yaml").read_text()
    assert 'spec:\n  platform: "2026.11"\n  # Ours.\n' in text
    (folder / "{{cookiecutter.name}}/service.yaml").write_text(DOCUMENT + '  platform: "2026.10"\n')
    renderer.render(folder, {"name": "abc"}, tmp_path / "other", FINISH)
    assert "2026.11" not in (tmp_path / "other/service.yaml").read_text()


def test_a_golden_path_does_not_bring_what_the_platform_makes(
    renderer: GoldenPathRenderer, make_golden_path: MakeGoldenPath, tmp_path: Path
) -> None:
    """Two sources of one file would contradict one another at the next change; nothing is put anywhere."""
    folder = make_golden_path({"service.yaml": DOCUMENT, "catalog-info.yaml": "kind: Component\n"})
    with pytest.raises(RenderingError, match=r"brings catalog-info\.yaml, which the platform makes"):
        renderer.render(folder, {"name": "abc"}, tmp_path / "into", FINISH)
    assert not (tmp_path / "into").exists()


def test_a_wrong_document_is_found_before_anything_is_there(
    renderer: GoldenPathRenderer, make_golden_path: MakeGoldenPath, tmp_path: Path
) -> None:
    """With every error in it, as people know them."""
    folder = make_golden_path({"service.yaml": DOCUMENT + "  type: webb\n"})
    with pytest.raises(ServiceDocumentError) as caught:
        renderer.render(folder, {"name": "abc"}, tmp_path / "into", FINISH)
    assert [each.message for each in caught.value.problems]
    assert not (tmp_path / "into").exists()
