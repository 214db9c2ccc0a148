"""The secrets of one local platform, made at its first start and readable by its owner alone."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from greenroom.local.layout import Layout


@dataclass(frozen=True)
class Credentials:
    """The person's token, the one that the server's parts use among themselves, and the database's password."""

    token: str
    internal_token: str
    postgres_password: str
    token_file: Path
    postgres_file: Path


def ensure_credentials(layout: Layout) -> Credentials:
    """The platform's credentials, made when there are none."""
    folder = layout.home / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    token_file, postgres_file = folder / "token", folder / "postgres-password"
    token, internal, password = _ensure(token_file), _ensure(folder / "internal-token"), _ensure(postgres_file)
    write_private(layout.credentials, json.dumps({"url": layout.ports.url("server"), "token": token}))
    return Credentials(token, internal, password, token_file, postgres_file)


def write_private(file: Path, text: str) -> None:
    """Write a file that nobody else may read, whole or not at all."""
    scratch = file.with_suffix(f"{file.suffix}.new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as target:
        target.write(text)
    scratch.replace(file)


def _ensure(file: Path) -> str:
    if not file.is_file():
        write_private(file, secrets.token_urlsafe(32))
    return file.read_text(encoding="utf-8").strip()
