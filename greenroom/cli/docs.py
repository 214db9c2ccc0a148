"""`greenroom docs`: documentation, built as the platform builds it."""

from __future__ import annotations

from pathlib import Path

import click

from foundation.errors import InputError
from greenroom.cli.output import console, output_option, print_json


@click.group()
def command() -> None:
    """Build documentation."""


@command.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".")
@click.option(
    "--output-folder",
    "-d",
    type=click.Path(path_type=Path),
    default="site",
    show_default=True,
    help="Where the site goes.",
)
@click.option("--site-name", help="The title, where mkdocs.yml has none.")
@output_option
def build(folder: Path, output_folder: Path, site_name: str | None, output: str) -> None:
    """Build the TechDocs of FOLDER as the portal will show them.

    The API reference is made from openapi.yaml, and decision records become a section. What the platform
    leaves out of mkdocs.yml for safety is said as a warning. Needs no server.

    \b
      greenroom docs build                        the folder you are in, into ./site
      greenroom docs build ../orders -d /tmp/orders
      python3 -m http.server --directory site     look at it
    """
    from techdocs import build_site

    try:
        result = build_site(folder.resolve(), output_folder.resolve(), site_name=site_name)
    except OSError as error:
        raise InputError(
            f"The site cannot be written to {output_folder}: {error.strerror}.", remedy="Name another folder with -d."
        ) from error
    if output == "json":
        print_json({"pages": result.pages, "files": list(result.files), "warnings": list(result.warnings)})
        return
    for warning in result.warnings:
        console(error=True).print(f"warning: {warning}", style="yellow", markup=False)
    pages = "1 page" if result.pages == 1 else f"{result.pages} pages"
    console().print(f"{pages} in {output_folder}", markup=False)
