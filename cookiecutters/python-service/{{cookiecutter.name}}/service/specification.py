"""Writes the OpenAPI document: `make openapi`. It needs what the tests need, the service does not need it."""

from __future__ import annotations

import sys

import yaml

from service.app import create_app
from service.settings import Settings

HEADER = "# Made from the code by `make openapi`.\n"


def specification() -> str:
    """The document as YAML."""
    document = create_app(Settings()).openapi()
    return HEADER + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


if __name__ == "__main__":
    sys.stdout.write(specification())
