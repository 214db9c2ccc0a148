"""The example services as they are published."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.connections.git import LocalRepositories
from foundation.service import load_service
from foundation.settings import load_settings
from greenroom.local.configuration import write_settings
from greenroom.local.credentials import ensure_credentials
from greenroom.local.examples import FOLDER, SERVICES, publish_examples
from greenroom.local.layout import Layout
from scaffolder_actions.plans.files import compare_files
from scaffolder_actions.plans.standing import standing_in_repository
from scaffolder_actions.workload import check_service, render_service
from tests.running_platform import free_ports


@pytest.fixture(scope="module")
def layout(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """A home in which the examples are published, twice."""
    layout = Layout(tmp_path_factory.mktemp("platform"), free_ports())
    write_settings(layout, ensure_credentials(layout))
    publish_examples(layout)
    publish_examples(layout)
    return layout


@pytest.mark.parametrize(("team", "name", "version"), SERVICES)
def test_a_plan_against_the_repository_of_an_example_is_empty(
    layout: Layout, team: str, name: str, version: str
) -> None:
    """It holds what this platform makes of its document, so a newcomer's first plan shows their own change alone."""
    platform = load_settings(layout.settings, {}).platform
    host = LocalRepositories(layout.git, layout.ports.url("git"))
    service = load_service((FOLDER / name / "service.yaml").read_bytes(), "service.yaml", platform)
    check_service(service, platform)
    rendered = render_service(service, dict.fromkeys(service.environments, version), platform)
    changes = compare_files(rendered, standing_in_repository(host, f"{team}/{name}"))
    assert [(each.name, each.verb) for each in changes if each.verb != "keep"] == []


def test_the_sample_is_published_as_users_were_shown_it(layout: Layout, checkout: Path) -> None:
    """Nothing is added to the document itself."""
    host = LocalRepositories(layout.git, layout.ports.url("git"))
    repository = host.find("commerce/order-api")
    assert repository is not None
    tree = host.tree(repository, host.revision(repository) or "")
    assert tree.read("service.yaml") == (checkout / "examples/order-api/service.yaml").read_bytes()
