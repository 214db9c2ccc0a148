"""Unix sockets that this account alone can reach."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import tempfile
from pathlib import Path

from foundation.errors import InputError

# Bytes of a socket's address: Linux takes 107 and macOS 103, and longer ones are cut or refused.
LONGEST_ADDRESS = 100
# As many as the servers that listen here ask for.
BACKLOG = 2048


def socket_path(directory: Path, name: str) -> Path:
    """Where the socket `name` of the state directory is: in it, or in the temporary one where that is too long."""
    path = directory.resolve() / "sockets" / f"{name}.sock"
    if len(os.fsencode(path)) <= LONGEST_ADDRESS:
        return path
    # Every process of a server finds the same place, and servers of other state directories find others.
    digest = hashlib.sha256(os.fsencode(path.parent)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"greenroom-{os.getuid()}-{digest}" / f"{name}.sock"


def listen(path: Path) -> socket.socket:
    """A listening socket at `path`, in place of one that a process left behind. Raises InputError for a foreign folder."""
    folder = path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise InputError(
            f"{folder} is not a folder of this account alone.", remedy=f"Remove it, or set it right: chmod 700 {folder}"
        )
    path.unlink(missing_ok=True)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listening.bind(str(path))
        path.chmod(0o600)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening
