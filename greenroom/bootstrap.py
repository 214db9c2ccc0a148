"""Makes the Python environment that everything else runs in. Needs nothing but Python, and runs as a script.

A stamp holds the hash of what the environment was made from, so that a second run takes no time.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "greenroom-stamp"
SOURCES = (ROOT / "requirements.txt", ROOT / "pyproject.toml")
OLDEST_PYTHON = (3, 11)


def main() -> int:
    """Set up `.venv`; one clear sentence and exit code 1 when that cannot be."""
    if sys.version_info < OLDEST_PYTHON:
        have = ".".join(map(str, sys.version_info[:3]))
        return fail(f"Greenroom needs Python 3.11 or newer; {sys.executable} is {have}. Try: make PYTHON=python3.12 up")
    if shutil.which("git") is None:
        return fail("Greenroom needs git, which is not on the PATH. Install git and run make again.")
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted:
        return 0
    started = time.monotonic()
    say("Setting up Python (a minute or two the first time)")
    try:
        if not (ENVIRONMENT / "bin" / "python").exists():
            run(sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT))
        install("--requirement", str(ROOT / "requirements.txt"))
        install("--editable", str(ROOT))
    except SetupError as error:
        return fail(str(error))
    STAMP.write_text(wanted, encoding="utf-8")
    say(f"Python is set up ({time.monotonic() - started:.0f} s)")
    return 0


def install(*what: str, into: Path = ENVIRONMENT) -> None:
    """Install with uv, which takes seconds where pip takes minutes, or else with pip, which every company has set up."""
    python = str(into / "bin" / "python")
    pip = (python, "-m", "pip", "install", "--quiet", "--no-deps")
    uv = ENVIRONMENT / "bin" / "uv"
    try:
        if not uv.exists():
            run(str(ENVIRONMENT / "bin" / "python"), *pip[1:], pinned("uv"))
        run(str(uv), "pip", "install", "--quiet", "--no-deps", "--python", python, *index_of_pip(python), *what)
    except SetupError:
        run(*pip, *what)


def pinned(package: str) -> str:
    """The line of requirements.txt that pins a package."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{package}=="))


def index_of_pip(python: str) -> list[str]:
    """The package index that pip is set up for, which uv does not look up by itself."""
    done = subprocess.run([python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    found = re.search(r"^[\w:]*\.index-url='(.+)'$", done.stdout, re.MULTILINE)
    return ["--default-index", found.group(1)] if found else []


class SetupError(Exception):
    """A step of the set-up failed; the message is for the person who ran it."""


def run(*command: str) -> None:
    """Run a command, quietly; SetupError with its last line when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    lines = [line for line in (done.stderr or done.stdout).strip().splitlines() if line.strip()]
    words = " ".join(command[1:5])
    if any("ensurepip" in line or "python3-venv" in line for line in lines):
        message = "Python cannot make virtual environments here. On Debian: apt-get install python3-venv"
        raise SetupError(message)
    reason = next((line for line in reversed(lines) if "ERROR" in line), lines[-1] if lines else "no reason given")
    message = f"`{words}` failed: {reason.strip()}. Check the network and the package index, and run make again."
    raise SetupError(message)


def fingerprint() -> str:
    """What the environment is made from: the pinned packages, the project's file, and the Python."""
    digest = hashlib.sha256(sys.version.encode())
    for source in SOURCES:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def say(text: str) -> None:
    """Tell the person who waits."""
    print(f"  {text}", flush=True)


def fail(text: str) -> int:
    """Say what is wrong; the exit code of failure."""
    print(f"error: {text}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
