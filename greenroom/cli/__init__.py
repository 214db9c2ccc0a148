"""The `greenroom` command. Each group of commands is a module; heavy libraries load when a command runs."""

from __future__ import annotations

from greenroom.cli.main import main

__all__ = ["main"]
