"""Example services, published and deployed through the platform's own actions, so that a newcomer sees it at work."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from foundation.connections.git import LocalRepositories
from foundation.errors import GreenroomError
from foundation.settings import PlatformSettings, load_settings
from greenroom.cli.client import Client
from greenroom.cli.runs import run_action, upload_folder
from greenroom.cli.service.create import all_entities
from greenroom.local.layout import CHECKOUT, Layout

FOLDER = CHECKOUT / "examples"
# Team and service, by what each is good for: the sample with everything, and one that calls it.
SERVICES = (("commerce", "order-api", "1.4.2"), ("storefront", "checkout-web", "2.0.1"))

Say = Callable[[str], None]


def publish_examples(layout: Layout) -> None:
    """Make the repositories of the example services, where they are not yet.

    What is made of their documents is rendered now, by the settings of this platform: it would be wrong for another.
    """
    host = LocalRepositories(layout.git, layout.ports.url("git"))
    missing = [each for each in SERVICES if host.find(f"{each[0]}/{each[1]}") is None]
    platform = load_settings(layout.settings, {}).platform if missing else PlatformSettings()
    for team, service, version in missing:
        about = f"Example service {service}"
        with tempfile.TemporaryDirectory(prefix="greenroom-example-") as scratch:
            project = Path(scratch) / service
            shutil.copytree(FOLDER / service, project)
            _complete(project, version, platform)
            host.publish(f"{team}/{service}", project, description=about, message=f"Create {service}", author="guest")


def _complete(project: Path, version: str, platform: PlatformSettings) -> None:
    # Only the first start needs the compiler.
    from scaffolder_actions.actions.platform_files import add_platform_files

    add_platform_files(project, platform, version)


def deploy_examples(client: Client, environments: tuple[str, ...], say: Say, *, mark: str) -> None:
    """Deploy the example services that the catalog has, once for each `mark`: the same again finds these runs finished.

    `mark` names the state of what keeps nothing over a restart, such as the simulated AWS.
    """
    listed = {each["metadata"]["name"] for each in all_entities(client) if each["kind"] == "Component"}
    # Somebody may have deleted one, to try that too.
    services = [each for each in SERVICES if each[1] in listed]
    workspaces = {service: upload_folder(client, FOLDER / service) for _, service, _ in services}

    def deploy(service: str, version: str, environment: str) -> None:
        inputs = {"environment": environment, "version": version}
        # The content is part of the name: another release of Greenroom may bring other examples.
        run_id = f"example-{service}-{environment}-{workspaces[service][:12]}-{mark}"
        run_action(client, "greenroom:service:apply", inputs, workspace=workspaces[service], run_id=run_id)

    # Each waits for its pods; together they take as long as one.
    with ThreadPoolExecutor() as pool:
        wanted = [(service, version, environment) for _, service, version in services for environment in environments]
        done = {each: pool.submit(deploy, *each) for each in wanted}
    # One that somebody has broken, to see what that looks like, is no reason not to start.
    failed = {service: error for (service, _, _), each in done.items() if (error := each.exception())}
    for error in failed.values():
        if not isinstance(error, GreenroomError):
            raise error
    for _, service, version in services:
        if service in failed:
            say(
                f"Example {service} is not well: {str(failed[service]).rstrip('.')}. Try: greenroom local heal {service}"
            )
        else:
            say(f"Example {service} {version} was deployed to {' and '.join(environments)}")
