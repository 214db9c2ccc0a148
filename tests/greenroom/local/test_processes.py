"""Starting, finding and stopping the parts of the local platform, with real processes."""

from __future__ import annotations

import dataclasses
import fcntl
import os
import signal
import socket
import sys
from pathlib import Path

import psutil
import pytest

from greenroom.cli.client import Client, ServerError
from greenroom.local.errors import LocalPlatformError
from greenroom.local.layout import Layout
from greenroom.local.parts import responds
from greenroom.local.platform import LocalPlatform
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


def test_a_new_start_has_another_mark(processes: Processes) -> None:
    """What a part has forgotten with its last process can be told by it; a look at what runs changes nothing."""
    web = part(processes.layout.ports.git)
    processes.start(web)
    first = processes.mark("web")
    processes.start(web)
    assert processes.mark("web") == first
    processes.stop("web")
    processes.start(web)
    assert processes.mark("web") != first
    processes.stop("web")


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


# A server that hands its socket to a child and waits for it, as gunicorn's master does.
MASTER = (
    "import http.server,os,signal,sys; signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL)); s = http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), "
    "http.server.SimpleHTTPRequestHandler); os.fork() and os.wait() or s.serve_forever()"
)


@pytest.mark.parametrize("again", ["start", "stop"])
def test_what_a_killed_part_left_behind_is_ended(processes: Processes, again: str) -> None:
    """A worker whose master was killed keeps the port; the next start and the next stop both find and end it."""
    web = part(processes.layout.ports.git, MASTER)
    processes.start(web)
    master = processes.running("web")
    assert master is not None
    [worker] = master.children()
    os.kill(master.pid, signal.SIGKILL)
    master.wait()
    assert worker.is_running()
    if again == "start":
        assert processes.start(web)
        assert processes.running("web") not in {None, master}
    assert processes.stop("web")
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE
    assert not answers(web.port)


def test_a_proxy_of_the_network_is_not_asked_for_this_machine(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readiness, the parts among themselves and the command reach loopback addresses directly."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "intra.example")
    monkeypatch.delenv("NO_PROXY", raising=False)
    port = processes.layout.ports.git
    told = SERVE.replace("import http", "import os; print(os.environ['NO_PROXY'], flush=True); import http")
    web = dataclasses.replace(part(port, told), ready=responds(f"http://localhost:{port}/"))
    processes.start(web)
    try:
        with pytest.raises(ServerError, match="404"):
            Client(f"http://localhost:{port}", "a-token").get("live/v1/health")
        assert "intra.example,localhost,127.0.0.1" in processes.log_file("web").read_text()
    finally:
        processes.stop("web")


def test_one_command_at_a_time_starts_and_stops(tmp_path: Path) -> None:
    """A second `up` or `down` beside a first is told so, and may go on when that is done."""
    platform = LocalPlatform(Layout(tmp_path, free_ports()))
    with (tmp_path / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for command in (platform.up, platform.down):
            with pytest.raises(LocalPlatformError, match="Another command"):
                command(print)
    said: list[str] = []
    platform.down(said.append)
    assert said == ["Nothing was running"]


def test_a_reset_touches_no_folder_without_a_platform(tmp_path: Path) -> None:
    """GREENROOM_HOME that names a folder of other things loses none of them."""
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(LocalPlatformError, match="no platform"):
        LocalPlatform(Layout(tmp_path, free_ports())).reset(print)
    assert (tmp_path / "thesis.txt").is_file()
