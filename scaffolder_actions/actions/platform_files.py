"""Completes what a golden path gives with all that the new service's document becomes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from foundation.service import find_release, load_service
from foundation.service.editing import with_value
from foundation.settings import PlatformSettings
from scaffolder_actions.actions.documents import NAMES
from scaffolder_actions.golden_paths import RenderingError
from scaffolder_actions.plans.standing import FIRST_VERSION
from scaffolder_actions.workload import check_service, render_service


def platform_files(settings: PlatformSettings) -> Callable[[Path], None]:
    """What finishes a rendered project: a repository holds what is made of its document from the first commit on.

    The document is pinned to the newest release of the platform. A project without a document stays as it is. Raises
    what `add_platform_files` raises.
    """

    def finish(project: Path) -> None:
        document = _document(project)
        if document is not None:
            _pin(document, settings)
            add_platform_files(project, settings, FIRST_VERSION)

    return finish


def add_platform_files(project: Path, settings: PlatformSettings, version: str) -> None:
    """Write what is made of the project's document, at `version`. Of what is written once, the project's own stands.

    Raises ServiceDocumentError for a document that cannot be used, and RenderingError for a project that brings what the
    platform makes itself; nothing is written then.
    """
    service = load_service(document_of(project) or b"", NAMES[0], settings)
    check_service(service, settings)
    rendered = render_service(service, dict.fromkeys(service.environments, version), settings)
    twice = [path for path, file in rendered.items() if not file.once and (project / path).exists()]
    if twice:
        raise RenderingError(
            f"The golden path brings {', '.join(twice)}, which the platform makes of its document.",
            remedy="Take it out of the golden path.",
        )
    for path, file in rendered.items():
        target = project / path
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file.text, encoding="utf-8")


def document_of(project: Path) -> bytes | None:
    """The service document of a rendered project; None where it has none."""
    file = _document(project)
    return file.read_bytes() if file else None


def _document(project: Path) -> Path | None:
    return next((project / name for name in NAMES if (project / name).is_file()), None)


def _pin(file: Path, settings: PlatformSettings) -> None:
    """Pin the document to the newest release where it is pinned to none: a newer one comes as a change."""
    content = file.read_bytes()
    if load_service(content, file.name, settings).platform is None:
        newest = find_release(None, settings).name
        file.write_bytes(with_value(content.decode(), file.name, ("spec", "platform"), newest).encode())
