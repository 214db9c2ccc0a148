"""What the process that renders cannot do, tried in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import ctypes, os, pathlib, shutil, socket, subprocess, sys, urllib.request
from pathlib import Path
from scaffolder_actions.golden_paths.confinement import Confinement, ConfinementError
inside, outside = Path(sys.argv[1]) / "inside", Path(sys.argv[1]) / "outside"
inside.mkdir(); outside.mkdir(); (outside / "kept").write_text("kept")
confinement = Confinement()
confinement.enforce()
with confinement.writing_into(inside):
    (inside / "folder").mkdir()
    (inside / "folder" / "file").write_text("fine")
    (outside / "kept").read_text()
    try:
        {attempt}
    except (ConfinementError, OSError) as error:
        print(type(error).__name__)
print((inside / "folder" / "file").read_text(), (outside / "kept").read_text())
try:
    (inside / "late").write_text("x")
except ConfinementError:
    print("closed")
"""


@pytest.mark.parametrize(
    "attempt",
    [
        'subprocess.run(["true"])',
        'os.system("true")',
        'os.execv("/bin/true", ["true"])',
        "os.fork()",
        'os.posix_spawn("/bin/true", ["true"], {})',
        "socket.socket()",
        'socket.getaddrinfo("localhost", 80)',
        "ctypes.CDLL(None)",
        '(outside / "new").write_text("x")',
        '(outside / "kept").unlink()',
        '(outside / "kept").chmod(0)',
        '(outside / "kept").rename(inside / "taken")',
        '(inside / "folder").rename(outside / "given")',
        '(outside / "folder").mkdir()',
        "shutil.rmtree(outside)",
        '(inside / "link").symlink_to(outside)',
        '(inside / "link").hardlink_to(outside / "kept")',
        'os.open(outside / "new", os.O_CREAT | os.O_WRONLY)',
        '(inside / ".." / "outside" / "new").write_text("x")',
        'os.chdir(outside) or Path("new").write_text("x")',
        "os.truncate(outside / 'kept', 0)",
    ],
)
def test_stops_what_rendering_never_needs(tmp_path: Path, attempt: str) -> None:
    """Programs, connections, links, and writing anywhere but into its folder while that is open."""
    program = PROGRAM.replace("{attempt}", attempt)
    ran = subprocess.run(
        [sys.executable, "-I", "-B", "-c", program, tmp_path], capture_output=True, text=True, check=False
    )
    assert ran.stdout.splitlines() == ["ConfinementError", "fine kept", "closed"], ran.stderr
