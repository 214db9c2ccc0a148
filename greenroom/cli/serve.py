"""`greenroom serve`: the server."""

from __future__ import annotations

from pathlib import Path

import click

from foundation.errors import InputError
from foundation.settings import load_settings
from foundation.suggestions import remedy


@click.command()
@click.argument("plugins", nargs=-1, metavar="[live] [platform] [docs]")
@click.option("--config", type=click.Path(path_type=Path), help="The settings file (default: GREENROOM_CONFIG).")
def command(plugins: tuple[str, ...], config: Path | None) -> None:
    """Run the server: all three plugins in one process, or only those that are named.

    \b
      greenroom serve                       everything
      greenroom serve live                  catalog and health alone
      GREENROOM_SERVER_PORT=7200 greenroom serve platform docs
    """
    from greenroom.server import PLUGINS, serve

    for name in plugins:
        if name not in PLUGINS:
            raise InputError(f'There is no plugin "{name}".', remedy=remedy(name, PLUGINS))
    serve(load_settings(config), plugins or PLUGINS)
