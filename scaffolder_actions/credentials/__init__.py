"""What services need to know and nobody may see: written to Vault or OpenBao, and taken back from there.

No value passes through a log, an output or an error. What a durable run keeps of it are versions and names.
"""

from __future__ import annotations

from scaffolder_actions.credentials.entries import MOUNT, Entries

__all__ = ["MOUNT", "Entries"]
