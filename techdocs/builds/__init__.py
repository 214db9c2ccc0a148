"""Builds as durable runs.

`places` are where documentation is found, `model` says what a build is, `building` does it, `service`
orders and shows builds, `watcher` notices what must be built.
"""

from __future__ import annotations

from techdocs.builds.building import BuildBody
from techdocs.builds.model import KIND, build_of
from techdocs.builds.places import Places
from techdocs.builds.service import Builds
from techdocs.builds.watcher import Watcher

__all__ = ["KIND", "BuildBody", "Builds", "Places", "Watcher", "build_of"]
