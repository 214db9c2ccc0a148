"""What can go wrong when a golden path is rendered."""

from __future__ import annotations

from foundation.errors import InputError, ServiceUnavailableError


class RenderingError(InputError):
    """The golden path cannot be rendered with these values; the message says where and why."""


class RendererUnavailableError(ServiceUnavailableError):
    """The worker that renders does not start."""
