"""Starting, finding and stopping the parts of the local platform, with real processes."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from greenroom.local.errors import LocalPlatformError
from greenroom.local.layout import Layout
from greenroom.local.processes import Part, Processes, answers
from tests.running_platform import free_ports

SERVE = "import http.server,sys; http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), http.server.SimpleHTTPRequestHandler).serve_forever()"


def part(port: int, program: str = SERVE) -> Part:
    command = (sys.executable, "-c", program, str(port))
    return Part("web", "A web server", command, port, f"http://localhost:{port}", lambda: answers(port))


@pytest.fixture
def processes(tmp_path: Path) -> Processes:
    layout = Layout(tmp_path, free_ports())
    return Processes(layout)


def test_a_part_is_started_once_and_stopped(processes: Processes) -> None:
    """A second start finds the first; a stop ends it; a second stop has nothing to do."""
    web = part(processes.layout.ports.git)
    assert processes.start(web)
    assert not processes.start(web)
    assert processes.stop("web")
    assert processes.running("web") is None
    assert not processes.stop("web")


def test_a_taken_port_is_one_clear_sentence(processes: Processes) -> None:
    """The sentence has the port, the part, and how to move it."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(LocalPlatformError, match=f"Port {port}, which A web server needs, is taken") as caught:
            processes.start(part(port))
    assert "GREENROOM_LOCAL_PORTS=web=" in str(caught.value)


def test_a_part_that_dies_while_it_starts_says_why(processes: Processes) -> None:
    """The error has the part's own last error and where its log is."""
    broken = part(processes.layout.ports.git, "raise SystemExit('Error: no disk left')")
    with pytest.raises(
        LocalPlatformError, match=r"A web server stopped while it started \(exit 1\): Error: no disk left"
    ) as caught:
        processes.start(broken)
    assert str(processes.log_file("web")) in str(caught.value)


def test_a_pid_that_another_program_has_now_is_left_alone(processes: Processes) -> None:
    """A pid file from before a restart of the machine may name a stranger."""
    processes.layout.run.mkdir(parents=True)
    (processes.layout.run / "web.pid").write_text(f"{os.getpid()} 12345.0")
    assert processes.running("web") is None
    assert not processes.stop("web")
