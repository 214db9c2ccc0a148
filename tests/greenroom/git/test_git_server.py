"""The local Git host, with the real `git` as its client."""

from __future__ import annotations

import base64
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests
import uvicorn

from foundation.connections.git import LocalRepositories
from greenroom.local.git.server import GitServer
from tests.running_platform import eventually

TOKEN = "a-token-of-the-local-platform"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """A running host with the repository commerce/order-api."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    host = LocalRepositories(tmp_path / "git", url)
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "README.md").write_text("# Orders <script>alert(1)</script>\n")
    (folder / "service.yaml").write_text("kind: Service\n")
    host.publish("commerce/order-api", folder, description="Orders", message="Create", author="ada")
    server = uvicorn.Server(uvicorn.Config(GitServer(host, TOKEN).application(), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield url
    server.should_exit = True
    thread.join()


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin:/opt/homebrew/bin", "GIT_TERMINAL_PROMPT": "0"},
    )


@pytest.mark.parametrize("ending", ["", ".git"])
def test_a_clone_needs_no_token_and_a_push_does(url: str, tmp_path: Path, ending: str) -> None:
    """Anyone on the machine may clone; a push without the platform's token is refused, with it it lands."""
    clone = tmp_path / "clone"
    assert git("clone", "-q", f"{url}/commerce/order-api{ending}", str(clone)).returncode == 0
    (clone / "new.md").write_text("x")
    git("-C", str(clone), "add", "-A")
    git("-C", str(clone), "commit", "-qm", "Add")
    refused = git("-C", str(clone), "push", "-q")
    assert refused.returncode != 0
    address = url.replace("http://", f"http://ada:{TOKEN}@")
    landed = git("-C", str(clone), "push", "-q", f"{address}/commerce/order-api.git", "main")
    assert landed.returncode == 0, landed.stderr
    assert "new.md" in requests.get(f"{url}/commerce/order-api", timeout=5).text


def test_pages_show_text_and_run_nothing(url: str) -> None:
    """What stands in a repository is shown as text, whatever it is."""
    page = requests.get(f"{url}/commerce/order-api", timeout=5)
    assert "git clone" in page.text
    assert "<script>alert" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "kind: Service" in requests.get(f"{url}/commerce/order-api/blob/service.yaml", timeout=5).text
    assert "commerce/order-api" in requests.get(url, timeout=5).text


@pytest.mark.parametrize(
    "path",
    [
        "/commerce/absent",
        "/a/..%2f..",
        "/commerce/order-api/blob/absent",
        "/commerce/order-api.git/config",
        "/%00/x",
        "/commerce/order-api/blob/%00",
    ],
)
def test_what_is_not_there_is_404(url: str, path: str) -> None:
    """Neither a missing repository, a path out of the folder, nor Git's own files are served."""
    assert requests.get(f"{url}{path}", timeout=5).status_code == 404


@pytest.mark.parametrize("chunked", [False, True])
def test_a_push_over_the_bound_is_not_taken(url: str, monkeypatch: pytest.MonkeyPatch, *, chunked: bool) -> None:
    """One that says its length is told the limit; one that does not is cut off, and nothing of git stays behind."""
    monkeypatch.setattr("greenroom.local.git.backend.LARGEST_PUSH", 1024)
    answer = requests.post(
        f"{url}/commerce/order-api.git/git-receive-pack",
        data=iter([b"0" * 512] * 4) if chunked else b"0" * 2048,
        auth=("ada", TOKEN),
        headers={"Content-Type": "application/x-git-receive-pack-request"},
        timeout=5,
    )
    assert chunked or (answer.status_code == 413 and "MiB" in answer.text)
    eventually(lambda: not backends(), "the end of git")


def test_a_client_that_leaves_leaves_no_git_behind(url: str) -> None:
    """A push that breaks off ends the process that waited for the rest of it."""
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as client:
        pair = base64.b64encode(f"ada:{TOKEN}".encode()).decode()
        client.sendall(
            (
                "POST /commerce/order-api.git/git-receive-pack HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
                f"Content-Type: application/x-git-receive-pack-request\r\nAuthorization: Basic {pair}\r\n\r\nabc"
            ).encode()
        )
        eventually(backends, "git to serve it")
    eventually(lambda: not backends(), "its end")


def backends() -> list[psutil.Process]:
    """The processes of git that serve a request of this test; other tests may have processes of their own."""
    children = psutil.Process().children(recursive=True)
    return [each for each in children if each.status() != psutil.STATUS_ZOMBIE and each.name().startswith("git")]


def test_a_file_too_large_to_show_is_a_sentence(url: str, tmp_path: Path) -> None:
    """It is refused as what it is; the server has no fault."""
    (tmp_path / "big").mkdir()
    (tmp_path / "big" / "film.bin").write_bytes(b"0" * (5 * 1024 * 1024 + 1))
    LocalRepositories(tmp_path / "git", url).publish(
        "shop/film", tmp_path / "big", description="", message="Create", author="ada"
    )
    answer = requests.get(f"{url}/shop/film/blob/film.bin", timeout=5)
    assert answer.status_code == 413
    assert "film.bin" in answer.text
