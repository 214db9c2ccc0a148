"""`greenroom docs`: documentation, built as the platform builds it."""

from __future__ import annotations

from pathlib import Path

import click

from greenroom.cli.output import console, output_option, print_json


@click.group()
def command() -> None:
    """Build documentation."""


@command.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=".")
@click.option("--output-folder", "-d", type=click.Path(path_type=Path), default="site", help="Where the site goes.")
@click.option("--site-name", help="The title, where mkdocs.yml has none.")
@output_option
def build(folder: Path, output_folder: Path, site_name: str | None, output: str) -> None:
    """Build the TechDocs of FOLDER as the portal will show them.

    The API reference is made from openapi.yaml, and decision records become a section. What the platform
    leaves out of mkdocs.yml for safety is said as a warning.
    """
    from techdocs import build_site

    result = build_site(folder.resolve(), output_folder.resolve(), site_name=site_name)
    if output == "json":
        print_json({"pages": result.pages, "files": list(result.files), "warnings": list(result.warnings)})
        return
    for warning in result.warnings:
        console(error=True).print(f"warning: {warning}", style="yellow", markup=False)
    console().print(f"{result.pages} pages in {output_folder}", markup=False)
