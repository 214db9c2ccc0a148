"""The three OpenAPI documents, and a running server that Schemathesis holds to them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from greenroom.local.configuration import write_settings
from greenroom.local.credentials import Credentials, ensure_credentials
from greenroom.local.examples import publish_examples
from greenroom.local.layout import Layout
from greenroom.local.parts import server_part
from greenroom.local.processes import Processes
from tests.running_platform import free_ports

pytestmark = pytest.mark.contract

DOCUMENTS = {"live": "catalog_provider", "platform": "scaffolder_actions", "docs": "techdocs"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Credentials]]:
    """A server by itself: its clusters do not answer, which none of its answers may be wrong for."""
    layout = Layout(tmp_path_factory.mktemp("server"), free_ports())
    credentials = ensure_credentials(layout)
    write_settings(layout, credentials)
    publish_examples(layout)
    processes = Processes(layout)
    try:
        processes.start(server_part(layout))
        yield layout.ports.url("server"), credentials
    finally:
        processes.stop("server")


@pytest.mark.parametrize("plugin", list(DOCUMENTS))
def test_the_server_keeps_what_its_document_says(
    server: tuple[str, Credentials], plugin: str, checkout: Path, tmp_path: Path
) -> None:
    """Made-up requests, right and wrong ones, get documented answers and never a server error."""
    url, credentials = server
    command = [
        "schemathesis", "run", str(checkout / DOCUMENTS[plugin] / "openapi.yaml"),
        "--url", f"{url}/api/{plugin}",
        "--header", f"Authorization: Bearer {credentials.token}",
        # Which version, service or repository exists is no matter of a schema: 400 and 410 are right answers there.
        "--exclude-checks", "positive_data_acceptance",
        # Streams do not end by themselves; their own tests read them.
        "--exclude-path-regex", "/(stream|events)$",
        "--phases", "examples,coverage,fuzzing",
        "--max-examples", "15", "--seed", "1", "--generation-deterministic",
        "--suppress-health-check", "all",
        "--request-timeout", "20",
        "--no-color",
    ]  # fmt: skip
    program = checkout / ".venv" / "bin" / command[0]
    hooks = {"PYTHONPATH": str(checkout), "SCHEMATHESIS_HOOKS": "tests.contract.schemathesis_hooks"}
    done = subprocess.run(
        [str(program), *command[1:]],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, **hooks},
    )
    assert done.returncode == 0, done.stdout[-6000:]
