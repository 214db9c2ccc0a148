"""What can be wrong with a Service document."""

from __future__ import annotations

from foundation.errors import InputError


class ServiceDocumentError(InputError):
    """A Service document that cannot be used; `problems` has every error in it, in the order of the text."""
