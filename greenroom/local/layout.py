"""Where the local platform keeps its things, and at which ports its parts listen."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from greenroom.local.errors import LocalPlatformError

PORTS_FILE = "ports.json"
# TCP has no higher one.
HIGHEST_PORT = 65535
CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Ports:
    """Loopback ports. Only the portal's is one that people know, the others are numbered from 7100."""

    portal: int = 3000
    server: int = 7100
    clusters: int = 7110
    aws: int = 7111
    vault: int = 7112
    postgres: int = 7113
    git: int = 7114

    def url(self, part: str) -> str:
        """The address of a part, as people type it."""
        return f"http://localhost:{getattr(self, part)}"


@dataclass(frozen=True)
class Layout:
    """The folder of the local platform and everything that is derived from it."""

    home: Path
    ports: Ports = field(default_factory=Ports)
    checkout: Path = CHECKOUT

    @property
    def logs(self) -> Path:
        return self.home / "log"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def state(self) -> Path:
        return self.home / "state"

    @property
    def git(self) -> Path:
        return self.home / "git"

    @property
    def docs(self) -> Path:
        return self.home / "docs"

    @property
    def clusters(self) -> Path:
        return self.home / "clusters"

    @property
    def kubeconfig(self) -> Path:
        return self.home / "kubeconfig"

    @property
    def settings(self) -> Path:
        return self.home / "greenroom.yaml"

    @property
    def credentials(self) -> Path:
        return self.home / "credentials.json"

    @property
    def portal(self) -> Path:
        return self.checkout / "backstage-app"


def find_layout(environ: Mapping[str, str] | None = None) -> Layout:
    """The layout in `GREENROOM_HOME`, or in this checkout's `.greenroom`.

    `GREENROOM_LOCAL_PORTS=portal=3001,server=7200` moves parts to other ports; a started platform
    remembers where it was moved to.
    """
    environ = os.environ if environ is None else environ
    home = Path(environ.get("GREENROOM_HOME") or CHECKOUT / ".greenroom").expanduser().resolve()
    ports = _remembered_ports(home / PORTS_FILE)
    if wanted := environ.get("GREENROOM_LOCAL_PORTS"):
        ports = dataclasses.replace(ports, **_parse_ports(wanted))
    return Layout(home, ports)


def remember_ports(layout: Layout) -> None:
    """Keep the ports, so that other commands find the platform where this one starts it."""
    layout.home.mkdir(parents=True, exist_ok=True)
    write_whole(layout.home / PORTS_FILE, json.dumps(dataclasses.asdict(layout.ports)))


def write_whole(file: Path, text: str, mode: int = 0o644) -> None:
    """Write a file whole or not at all: a full disk or a killed command leaves the one that was there."""
    scratch = file.with_suffix(f"{file.suffix}.new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as target:
        # A scratch file that a killed command left keeps the mode that it had.
        os.fchmod(descriptor, mode)
        target.write(text)
    scratch.replace(file)


def _remembered_ports(file: Path) -> Ports:
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Ports()
    except (OSError, ValueError):
        known = None
    names = {each.name for each in dataclasses.fields(Ports)}
    if (
        not isinstance(known, dict)
        or known.keys() - names
        or not all(_port(json.dumps(port)) for port in known.values())
    ):
        raise LocalPlatformError(
            f"{file} cannot be read as the ports of a local platform.",
            remedy="Remove it; ports that were moved are named again with GREENROOM_LOCAL_PORTS.",
        )
    return Ports(**known)


def _port(text: str) -> int | None:
    """A port that can be listened at; None for any other text."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    return number if 0 < number <= HIGHEST_PORT else None


def _parse_ports(text: str) -> dict[str, int]:
    known = {each.name for each in dataclasses.fields(Ports)}
    ports = {}
    for pair in text.split(","):
        name, _, port = pair.strip().partition("=")
        number = _port(port)
        if name not in known or number is None:
            raise LocalPlatformError(
                f'GREENROOM_LOCAL_PORTS: "{pair}" is not a part and its port.',
                remedy=f"Write for example portal=3001. Parts: {', '.join(sorted(known))}.",
            )
        ports[name] = number
    return ports
