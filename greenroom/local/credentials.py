"""The secrets of one local platform, made at its first start and readable by its owner alone."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from greenroom.local.layout import Layout, write_whole


@dataclass(frozen=True)
class Credentials:
    """The tokens of the person, of the server's parts among themselves and towards the portal; the database's password."""

    token: str
    internal_token: str
    portal_token: str
    postgres_password: str
    token_file: Path
    postgres_file: Path


def ensure_credentials(layout: Layout) -> Credentials:
    """The platform's credentials, made when there are none."""
    folder = layout.home / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    token_file, postgres_file = folder / "token", folder / "postgres-password"
    token, internal, password = _ensure(token_file), _ensure(folder / "internal-token"), _ensure(postgres_file)
    portal = _ensure(folder / "portal-token")
    write_private(layout.credentials, json.dumps({"url": layout.ports.url("server"), "token": token}))
    return Credentials(token, internal, portal, password, token_file, postgres_file)


def write_private(file: Path, text: str) -> None:
    """Write a file that nobody else may read, whole or not at all."""
    write_whole(file, text, 0o600)


def _ensure(file: Path) -> str:
    # An empty file is what a full disk may leave; as a secret it would let anybody in.
    if not file.is_file() or not file.read_text(encoding="utf-8").strip():
        write_private(file, secrets.token_urlsafe(32))
    return file.read_text(encoding="utf-8").strip()
