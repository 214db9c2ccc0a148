"""Serves the application: `python -m service`."""

from __future__ import annotations

import os

import uvicorn

from service.app import create_app
from service.logs import configure_logs
from service.settings import load_settings


def main() -> None:
    settings = load_settings(os.environ)
    configure_logs(settings.log_format)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        # Lines of its own would not be JSON.
        log_config=None,
        # The platform counts requests; a line for each would cost more than it tells.
        access_log=False,
    )


if __name__ == "__main__":
    main()
