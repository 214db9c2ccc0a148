"""Publishes what was rendered as a repository of the Git host."""

from __future__ import annotations

from scaffolder_actions.repositories.publishing import publish_folder, repository_name

__all__ = ["publish_folder", "repository_name"]
