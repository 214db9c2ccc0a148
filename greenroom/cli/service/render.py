"""`greenroom service render`: everything that a service document becomes, without a server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from foundation.errors import ConflictError, InputError
from foundation.service import Service, load_service
from foundation.settings import PlatformSettings, load_settings
from foundation.suggestions import remedy
from greenroom.cli.output import console, output_option, print_json
from greenroom.cli.service.documents import read_document

# Libraries that talk to Git hosts, clusters or AWS have no place here: this command runs at every commit.


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--environment", "-e", help="This environment alone; to print, the document's first one otherwise.")
@click.option("--version", help="The image's tag or digest (default: the one in the kustomization that stands).")
@click.option("--output-folder", "-d", type=click.Path(path_type=Path), help="Write all files there, or none.")
@output_option
def render(file: Path, environment: str | None, version: str | None, output_folder: Path | None, output: str) -> None:
    """Render everything that a service document becomes. Needs no server.

    Without --output-folder it prints the Kubernetes objects of one environment, as kubectl takes them. With it, it
    writes the whole tree: Kubernetes objects and the stack of each environment, the pipeline, the catalog's file and
    the first pages of documentation. Generated files that are no longer part of it go; files of others stay.

    \b
      greenroom service render service.yaml -e staging --version 1.4.2 | kubectl diff -f -
      greenroom service render service.yaml -d .
    """
    platform = load_settings().platform
    service = load_service(read_document(file), str(file), platform)
    if environment and environment not in service.environments:
        raise InputError(
            f'{file} names no environment "{environment}".', remedy=remedy(environment, service.environments)
        )
    if output_folder:
        _write(service, environment, version, output_folder, platform, output)
    elif output == "json":
        print_json({"files": _files(service, environment, version, file.parent, platform)})
    else:
        _print(service, environment, version, file.parent, platform)


def _print(
    service: Service, environment: str | None, version: str | None, folder: Path, platform: PlatformSettings
) -> None:
    """The objects of one environment as a stream of YAML documents, with their whole images."""
    from foundation.yaml_text import as_yaml
    from scaffolder_actions.workload import compile_environment

    chosen = environment or service.environments[0]
    versions = _versions(service, [chosen], version, folder, platform)
    compiled = compile_environment(service, chosen, versions[chosen], platform)
    click.echo("---\n".join(map(as_yaml, compiled.objects)), nl=False)
    if environment is None and len(service.environments) > 1:
        others = ", ".join(service.environments[1:])
        console(error=True).print(f"This is {chosen}; --environment prints another: {others}.", style="dim")


def _write(
    service: Service,
    environment: str | None,
    version: str | None,
    folder: Path,
    platform: PlatformSettings,
    output: str,
) -> None:
    from greenroom.cli.service.writing import replace_files
    from scaffolder_actions.plans.files import compare_files
    from scaffolder_actions.plans.standing import standing_in_folder
    from scaffolder_actions.workload import render_service

    rendered = render_service(service, _versions(service, service.environments, version, folder, platform), platform)
    changes = compare_files(rendered, standing_in_folder(folder, rendered), [environment] if environment else None)
    if blocked := [each.name for each in changes if each.blocked]:
        raise ConflictError(
            f"{folder} has files of these names that Greenroom did not make: {', '.join(blocked)}.",
            remedy="Nothing was written. Remove them, or call them something else.",
        )
    written = {each.name: rendered[each.name].text for each in changes if each.verb in {"create", "update"}}
    removed = [each.name for each in changes if each.verb == "delete"]
    replace_files(folder, written, removed)
    if output == "json":
        print_json({"written": written, "removed": removed})
        return
    same = len(changes) - len(written) - len(removed)
    console().print(f"{len(written)} written, {len(removed)} removed, {same} as they were in {folder}", markup=False)


def _files(
    service: Service, environment: str | None, version: str | None, folder: Path, platform: PlatformSettings
) -> dict[str, str]:
    """The text of each file, of one environment or of all and what they share."""
    from scaffolder_actions.plans.standing import environment_of
    from scaffolder_actions.workload import render_service

    rendered = render_service(service, _versions(service, service.environments, version, folder, platform), platform)
    return {
        path: file.text for path, file in rendered.items() if environment is None or environment_of(path) == environment
    }


def _versions(
    service: Service, environments: Sequence[str], version: str | None, folder: Path, platform: PlatformSettings
) -> dict[str, str]:
    """The version for each environment: as given, as it stands in the folder's kustomization, or the first one."""
    from scaffolder_actions.plans.standing import FIRST_VERSION, standing_in_folder
    from scaffolder_actions.workload import workload_of

    if version:
        return dict.fromkeys(environments, version)
    standing = standing_in_folder(folder, ())
    images = {each: workload_of(service, each, FIRST_VERSION, platform).image_name for each in environments}
    return {each: standing.version(each, image) or FIRST_VERSION for each, image in images.items()}
