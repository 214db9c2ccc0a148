"""What can be wrong with a golden path and with the values for one."""

from __future__ import annotations

from foundation.errors import InputError


class GoldenPathError(InputError):
    """A folder that is no golden path that can be used; `problems` has every reason."""


class ValuesError(InputError):
    """Values that do not fit a golden path; `problems` names every one of them."""
