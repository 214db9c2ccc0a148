"""Installs the judges that are programs, into `.tools/judges`: `make judges`, or `python -m tests.judges`.

Checkov has an environment of its own, because its pins clash with ours. A stamp holds the hash of what was installed,
so that a second run takes no time.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

from greenroom import bootstrap
from greenroom.local.portal import environment, node

SOURCES = Path(__file__).parent
HOME = Path(__file__).parents[2] / ".tools" / "judges"
STAMP = HOME / "stamp"
CHECKOV = HOME / "checkov"
NODE = HOME / "node"
CRD_SCHEMAS = HOME / "crd-schemas.json"


class JudgesMissingError(RuntimeError):
    """The judges are not installed, or others than are asked for."""


def main() -> int:
    """Install what is not there yet; one clear sentence and exit code 1 when that cannot be."""
    if is_installed():
        return 0
    started = time.monotonic()
    bootstrap.say("Installing the judges of generated files (half a minute)")
    shutil.rmtree(HOME, ignore_errors=True)
    try:
        _install_checkov()
        _install_node_packages()
    except bootstrap.SetupError as error:
        return bootstrap.fail(str(error))
    STAMP.write_text(_fingerprint(), encoding="ascii")
    bootstrap.say(f"The judges are installed ({time.monotonic() - started:.0f} s)")
    return 0


def is_installed() -> bool:
    """Whether what is installed is what the pinned files ask for."""
    return STAMP.is_file() and STAMP.read_text(encoding="ascii") == _fingerprint()


def ensure_installed() -> None:
    """Raise JudgesMissingError unless the judges are there: a test without its judge proves nothing."""
    if not is_installed():
        raise JudgesMissingError("The judges of generated files are not installed. Run: make judges")


def _install_checkov() -> None:
    bootstrap.run(sys.executable, "-m", "venv", "--clear", str(CHECKOV))
    bootstrap.install("--requirement", str(SOURCES / "checkov.txt"), into=CHECKOV)


def _install_node_packages() -> None:
    NODE.mkdir(parents=True)
    # Node looks for packages beside a program, not beside the caller.
    for file in [SOURCES / "package.json", SOURCES / "package-lock.json", *SOURCES.glob("*.mjs")]:
        shutil.copy(file, NODE)
    npm = str(Path(sys.executable).parent / "npm")
    _run(npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts")
    CRD_SCHEMAS.write_text(_run(str(node()), "crd_schemas.mjs"), encoding="utf-8")


def _run(*command: str) -> str:
    done = subprocess.run(command, cwd=NODE, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        message = f"`{' '.join(command[:2])}` failed: {lines[-1]}. Check the network and run make judges again."
        raise bootstrap.SetupError(message)
    return done.stdout


def _fingerprint() -> str:
    digest = hashlib.sha256(sys.version.encode())
    names = ("checkov.txt", "package.json", "package-lock.json", "judges.mjs", "crd_schemas.mjs", "kinds.mjs")
    for file in [SOURCES / name for name in names]:
        digest.update(file.read_bytes())
    return digest.hexdigest()
