"""A service, what it renders to, and a repository that holds it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from foundation.connections.git import LocalRepositories
from foundation.service import Service, load_service
from foundation.settings import PlatformSettings
from scaffolder_actions.workload import render_service

PLATFORM = PlatformSettings()
REPOSITORY = "commerce/order-api"


def document(*, least: int = 2, most: int = 4, environments: str = "staging", more: str = "") -> str:
    """A service document; `more` is further lines of its spec."""
    lines = "".join(f"  {line}\n" for line in more.splitlines())
    return f"""\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  environments: [{environments}]
  deployment:
    replicas: {{min: {least}, max: {most}}}
{lines}"""


def service(text: str | None = None) -> Service:
    """The service of a document, by default of the plain one."""
    return load_service(text or document(), "service.yaml", PLATFORM)


def rendered(text: str | None = None, **versions: str) -> dict[str, str]:
    """The texts that a document renders to, by default in staging; without the pages that are written once."""
    files = render_service(service(text), versions or {"staging": "1.4.2"}, PLATFORM)
    return {path: file.text for path, file in files.items() if not file.once}


def publish(folder: Path, files: Mapping[str, str], name: str = REPOSITORY) -> LocalRepositories:
    """A Git host below `folder` with one repository that holds `files`."""
    content = folder / "content" / name
    for path, text in files.items():
        (content / path).parent.mkdir(parents=True, exist_ok=True)
        (content / path).write_text(text, encoding="utf-8")
    host = LocalRepositories(folder / "git", "http://localhost:7114")
    host.publish(name, content, description="", message="Begin", author="ann")
    return host
