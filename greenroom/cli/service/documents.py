"""`greenroom service validate`, `render` and `schema`: service documents, without a server."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from foundation.errors import InputError, Problem
from foundation.service import Service, ServiceDocumentError, load_service, service_schema
from foundation.settings import load_settings
from foundation.suggestions import remedy
from greenroom.cli.output import console, output_option, print_json, print_problems

# A document is written by hand; the loader has its own, smaller limit.
LARGEST_DOCUMENT = 5 * 1024 * 1024


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@output_option
def validate(files: tuple[Path, ...], output: str) -> None:
    """Check service documents, and name every error at once. Needs no server.

    \b
      greenroom service validate service.yaml
      greenroom service validate */service.yaml --output json
    """
    problems: list[Problem] = []
    services = []
    for file in files:
        try:
            services.append(_load(file))
        except ServiceDocumentError as error:
            problems += error.problems
    if output == "json":
        print_json({"valid": not problems, "problems": [vars(each) for each in problems]})
    elif problems:
        print_problems(problems)
    else:
        for service in services:
            console().print(f"[green]✓[/green] {service.name} is valid")
    sys.exit(1 if problems else 0)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--environment", "-e", help="Only this environment (default: each that the document names).")
@click.option("--version", default="latest-built", help="The image's tag.", show_default=True)
@click.option("--output-folder", "-d", type=click.Path(path_type=Path), help="Write files there instead of printing.")
@output_option
def render(file: Path, environment: str | None, version: str, output_folder: Path | None, output: str) -> None:
    """Render the Kubernetes objects of a service. Needs no server.

    \b
      greenroom service render service.yaml -e staging --version 1.4.2 | kubectl diff -f -
    """
    from scaffolder_actions.workload import render_service

    service = _load(file)
    if environment and environment not in service.environments:
        raise InputError(
            f'{file} names no environment "{environment}".', remedy=remedy(environment, service.environments)
        )
    platform = load_settings().platform
    versions = dict.fromkeys([environment] if environment else service.environments, version)
    rendered = {path: each.text for path, each in render_service(service, versions, platform).items()}
    if output_folder:
        for path, text in rendered.items():
            target = output_folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    if output == "json":
        print_json({"files": rendered})
    elif output_folder:
        console().print(f"{len(rendered)} files in {output_folder}", markup=False)
    else:
        click.echo("---\n".join(rendered.values()), nl=False)


@click.command()
def schema() -> None:
    """Print the JSON Schema of the service document, for editors."""
    print_json(service_schema())


def _load(file: Path) -> Service:
    try:
        if file.stat().st_size > LARGEST_DOCUMENT:
            raise InputError(f"{file} is too large to be a service document.")
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}.", remedy="Name an existing service.yaml.") from error
    return load_service(content, str(file), load_settings().platform)
