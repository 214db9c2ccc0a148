"""What can go wrong in the catalog provider that users may see."""

from __future__ import annotations

from foundation.errors import InputError


class EntityDocumentError(InputError):
    """A document that describes entities and cannot be used; `problems` has every error in it."""
