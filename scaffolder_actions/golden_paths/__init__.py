"""Rendering golden paths, in a process of its own that can do nothing else."""

from __future__ import annotations

from scaffolder_actions.golden_paths.errors import RendererUnavailableError, RenderingError
from scaffolder_actions.golden_paths.renderer import GoldenPathRenderer, Rendered

__all__ = ["GoldenPathRenderer", "Rendered", "RendererUnavailableError", "RenderingError"]
