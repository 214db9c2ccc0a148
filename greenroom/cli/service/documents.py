"""`greenroom service validate` and `schema`: service documents, without a server."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from foundation.errors import InputError, Problem
from foundation.service import Service, ServiceDocumentError, fleet_problems, load_service, service_schema
from foundation.settings import PlatformSettings, load_settings
from greenroom.cli.output import console, output_option, print_json, print_problems

# A document is written by hand; the loader has its own, smaller limit.
LARGEST_DOCUMENT = 5 * 1024 * 1024


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@output_option
def validate(files: tuple[Path, ...], output: str) -> None:
    """Check service documents, and name every error at once. Needs no server.

    Several files are also checked against one another: a host that two of them claim, a circle of dependencies.

    \b
      greenroom service validate service.yaml
      greenroom service validate */service.yaml --output json
    """
    platform = load_settings().platform
    problems: list[Problem] = []
    services: dict[str, Service] = {}
    for file in dict.fromkeys(files):
        try:
            services[str(file)] = _checked(file, platform)
        except ServiceDocumentError as error:
            problems += error.problems
    problems += fleet_problems(services, platform)
    if output == "json":
        print_json({"valid": not problems, "problems": [each.as_json() for each in problems]})
    elif problems:
        print_problems(problems)
    else:
        for service in services.values():
            console().print(f"[green]✓[/green] {service.name} is valid")
    sys.exit(1 if problems else 0)


@click.command()
def schema() -> None:
    """Print the JSON Schema of the service document, for editors."""
    print_json(service_schema(load_settings().platform))


def read_document(file: Path) -> bytes:
    """The text of a document. Raises InputError where it cannot be read."""
    try:
        if file.stat().st_size > LARGEST_DOCUMENT:
            raise InputError(f"{file} is too large to be a service document.")
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}.", remedy="Name an existing service.yaml.") from error


def _checked(file: Path, platform: PlatformSettings) -> Service:
    """The service of a document that can also be compiled."""
    from scaffolder_actions.workload import check_service

    service = load_service(read_document(file), str(file), platform)
    check_service(service, platform)
    return service
