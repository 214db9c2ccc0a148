"""The parts of the local platform: what each runs, where, and how it is known to be ready."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from greenroom.local import portal
from greenroom.local.credentials import Credentials
from greenroom.local.layout import Layout
from greenroom.local.processes import Part, answers

ENVIRONMENTS = ("staging", "production")


@dataclass(frozen=True)
class Replacement:
    """What stands in for a real system here, said wherever people look."""

    part: str
    # Whether it behaves like the real thing (simulated) or is the real thing, run locally.
    simulated: bool


# In the order in which they are started; each needs only those before it.
REPLACEMENTS = (
    Replacement("postgres", simulated=False),
    Replacement("vault", simulated=False),
    Replacement("aws", simulated=True),
    Replacement("clusters", simulated=True),
    Replacement("git", simulated=False),
)


def all_parts(layout: Layout, credentials: Credentials) -> tuple[Part, ...]:
    """Every part, in the order in which they are started."""
    return (
        *_supporting(layout, credentials),
        server_part(layout),
        portal_part(layout),
    )


def _supporting(layout: Layout, credentials: Credentials) -> tuple[Part, ...]:
    ports, python = layout.ports, sys.executable
    return (
        postgres_part(layout, credentials),
        Part(
            "vault",
            "OpenBao (keeps secrets in memory)",
            (str(Path(sys.executable).parent / "bao"), "server", "-dev", "-dev-no-store-token",
             f"-dev-listen-address=127.0.0.1:{ports.vault}"),
            ports.vault,
            ports.url("vault"),
            responds(f"{ports.url('vault')}/v1/sys/health"),
            # By the environment: an argument would show in the list of processes.
            {"BAO_DEV_ROOT_TOKEN_ID": credentials.token, "HOME": str(layout.home)},
        ),
        Part(
            "aws",
            "AWS (simulated by moto, in memory)",
            (python, "-m", "greenroom.local.aws", "--port", str(ports.aws), "--environments", ",".join(ENVIRONMENTS)),
            ports.aws,
            ports.url("aws"),
            responds(f"{ports.url('aws')}/moto-api/"),
        ),
        Part(
            "clusters",
            "Kubernetes (simulated)",
            (python, "-m", "greenroom.local.cluster", "--host", "127.0.0.1", "--port", str(ports.clusters),
             "--clusters", ",".join(ENVIRONMENTS), "--state", str(layout.clusters), "--kubeconfig", str(layout.kubeconfig)),
            ports.clusters,
            ports.url("clusters"),
            responds(f"{ports.url('clusters')}/clusters/{ENVIRONMENTS[0]}/readyz"),
        ),
        Part(
            "git",
            "Git host",
            (python, "-m", "greenroom.local.git.server", "--directory", str(layout.git), "--port", str(ports.git),
             "--token-file", str(credentials.token_file)),
            ports.git,
            ports.url("git"),
            responds(ports.url("git")),
        ),
    )  # fmt: skip


def postgres_part(layout: Layout, credentials: Credentials) -> Part:
    """The database of what is kept for services, and of a portal that asks for it."""
    return Part(
        "postgres",
        "PostgreSQL",
        (sys.executable, "-m", "greenroom.local.postgres", "--data", str(layout.home / "postgres"), "--port",
         str(layout.ports.postgres), "--password-file", str(credentials.postgres_file)),
        layout.ports.postgres,
        f"postgresql://postgres@localhost:{layout.ports.postgres}",
        lambda: answers(layout.ports.postgres),
        # SIGINT asks PostgreSQL to end its sessions; SIGTERM would wait for them.
        stop_signal=signal.SIGINT,
    )  # fmt: skip


def server_part(layout: Layout) -> Part:
    """Greenroom itself."""
    ports = layout.ports
    return Part(
        "server",
        "Greenroom",
        (sys.executable, "-m", "greenroom", "serve", "--config", str(layout.settings)),
        ports.server,
        ports.url("server"),
        responds(f"{ports.url('server')}/.backstage/health/v1/readiness"),
        # boto3 looks for credentials even where the endpoint is moto's, which takes any.
        {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"},
    )


def portal_part(layout: Layout) -> Part:
    """The Backstage app."""
    ports = layout.ports
    return Part(
        "portal",
        "Portal (Backstage)",
        (str(portal.node()), "--require", "@backstage/cli/config/nodeTransform.cjs", "packages/backend/src/index.ts",
         "--config", "app-config.yaml", "--config", "app-config.local-platform.yaml"),
        ports.portal,
        ports.url("portal"),
        responds(f"{ports.url('portal')}/.backstage/health/v1/readiness"),
        {**portal.environment(), **portal_environment(layout)},
        folder=layout.portal,
        # Backstage compiles its backend while it starts: 15 s on a quiet machine with two cores.
        start_limit=180,
    )  # fmt: skip


def portal_environment(layout: Layout) -> dict[str, str]:
    """What tells the Backstage app where everything is."""
    return {
        "NODE_ENV": "development",
        "GREENROOM_BACKSTAGE_URL": layout.ports.url("portal"),
        "BACKSTAGE_PORT": str(layout.ports.portal),
        "GREENROOM_URL": layout.ports.url("server"),
        "GREENROOM_HOME": str(layout.home),
        "GREENROOM_DOCS_DIRECTORY": str(layout.docs),
    }


def responds(url: str, headers: Mapping[str, str] | None = None) -> Callable[[], bool]:
    """A check whether the address answers with success, or asks who is there, which takes being up as well."""
    # Loopback addresses: a proxy that the environment names cannot reach them.
    direct = build_opener(ProxyHandler({}))

    def check() -> bool:
        try:
            with direct.open(Request(url, headers=dict(headers or {})), timeout=2):  # noqa: S310 an address of ours
                return True
        except HTTPError as error:
            return error.code in {401, 403}
        except (URLError, OSError):
            return False

    return check
