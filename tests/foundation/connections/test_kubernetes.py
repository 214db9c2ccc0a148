from __future__ import annotations

import base64
import json
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from foundation.connections.kubernetes import (
    ClusterConflictError,
    ClusterError,
    ClusterExpiredError,
    ClusterInvalidError,
    ClusterNotFoundError,
    ClusterRefusedError,
    ClusterUnreachableError,
    KubernetesApi,
    connect_cluster,
)
from foundation.connections.kubernetes.configuration import load_connection
from foundation.connections.kubernetes.stream import LineTooLongError, split_lines
from foundation.errors import ServiceUnavailableError
from foundation.settings import ClusterSettings

ANSWERS = json.loads((Path(__file__).parents[2] / "data" / "kubernetes-wire" / "answers.json").read_bytes())
TOKEN = "a-token-that-must-never-show"


class Server:
    """Answers each request as a test says, and remembers it."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], object] = lambda handler: reply(handler, 200, {})
        self.release = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                """Tests read no access log."""

            def _handle(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                server.requests.append((self.command, self.path, dict(self.headers.items()), body))
                server.answer(self)

            do_GET = do_PATCH = do_POST = do_DELETE = _handle  # noqa: N815 the names that http.server calls

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.port = self.http.server_port


def reply(handler: BaseHTTPRequestHandler, status: int, body: object, **headers: str) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.release.set()
    server.http.shutdown()
    server.http.server_close()
    thread.join()


def kubeconfig(path: Path, port: int, user: dict[str, Any]) -> Path:
    document = {
        "clusters": [{"name": "c", "cluster": {"server": f"http://localhost:{port}/clusters/staging/"}}],
        "users": [{"name": "u", "user": user}],
        "contexts": [{"name": "one", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "one",
    }
    path.write_text(yaml.safe_dump(document))
    return path


@pytest.fixture
def api(server: Server, tmp_path: Path) -> KubernetesApi:
    path = kubeconfig(tmp_path / "kubeconfig", server.port, {"token": TOKEN})
    return connect_cluster(ClusterSettings("staging", "staging", path))


def test_a_request_is_plain_json_below_the_servers_path(api: KubernetesApi, server: Server) -> None:
    """Path prefix, query, credentials and body arrive as given; the answer comes back as data."""
    server.answer = lambda handler: reply(handler, 201, {"kind": "Pod"}, X_Test="yes")
    status, headers, body = api.request(
        "PATCH",
        "/apis/apps/v1/namespaces/shop/deployments/order-api",
        query={"fieldManager": "greenroom", "force": True, "limit": 5},
        body={"kind": "Deployment"},
        content_type="application/apply-patch+yaml",
    )
    assert (status, headers["X-Test"], body) == (201, "yes", {"kind": "Pod"})
    ((method, path, sent, content),) = server.requests
    assert method == "PATCH"
    assert path == (
        "/clusters/staging/apis/apps/v1/namespaces/shop/deployments/order-api?fieldManager=greenroom&force=true&limit=5"
    )
    assert sent["Authorization"] == f"Bearer {TOKEN}"
    assert sent["Content-Type"] == "application/apply-patch+yaml"
    assert json.loads(content) == {"kind": "Deployment"}


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        ("list continued with an expired token", ClusterExpiredError),
        ("no credentials", ClusterRefusedError),
        ("bad token", ClusterRefusedError),
        ("unknown group", ClusterNotFoundError),
        ("invalid object", ClusterInvalidError),
        ("apply conflict", ClusterConflictError),
    ],
)
def test_recorded_refusals_are_typed_errors(
    api: KubernetesApi, server: Server, what: str, kind: type[ClusterError]
) -> None:
    """Each answer of a real API server is its own class, with its code, its reason and its words."""
    recorded = next(each for each in ANSWERS if each["what"] == what)
    server.answer = lambda handler: reply(handler, recorded["status"], recorded["body"].encode())
    with pytest.raises(kind) as caught:
        api.request("GET", "/api/v1/pods")
    assert caught.value.code == recorded["status"]
    assert str(caught.value).startswith("Cluster staging: ")
    if recorded["body"].startswith("{"):
        status = json.loads(recorded["body"])
        assert caught.value.reason == status["reason"]
        assert status["message"][:200] in caught.value.message


@pytest.mark.parametrize(("status", "retry_after"), [(429, 7.0), (503, None), (500, None)])
def test_a_busy_server_says_when_to_come_back(
    api: KubernetesApi, server: Server, status: int, retry_after: float | None
) -> None:
    """429 and 5xx are a cluster that does not answer now."""
    headers = {"Retry_After": "7"} if retry_after else {}
    server.answer = lambda handler: reply(handler, status, {"message": "too busy"}, **headers)
    with pytest.raises(ClusterUnreachableError) as caught:
        api.request("GET", "/api/v1/pods")
    assert (caught.value.code, caught.value.retry_after) == (status, retry_after)


@pytest.mark.parametrize("content", [b"<html>login</html>", b"[" * 50_000])
def test_an_answer_that_is_not_json_is_one_clear_error(api: KubernetesApi, server: Server, content: bytes) -> None:
    """A proxy's page instead of an API is told as that."""
    server.answer = lambda handler: reply(handler, 200, content)
    with pytest.raises(ClusterUnreachableError, match="not JSON"):
        api.request("GET", "/api/v1/pods")


def test_nobody_there_names_cluster_and_host(tmp_path: Path) -> None:
    """One sentence and a remedy; no address of ours, no header, no credential."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        path = kubeconfig(tmp_path / "kubeconfig", port, {"token": TOKEN})
        with pytest.raises(ServiceUnavailableError) as caught:
            connect_cluster(ClusterSettings("staging", "staging", path)).request("GET", "/api")
    assert str(caught.value) == (
        f"Cluster staging (localhost:{port}) does not answer: the connection was refused. "
        "Check that it runs and that this machine reaches it."
    )


def test_a_silent_server_is_given_up_on(api: KubernetesApi, server: Server) -> None:
    """The read timeout ends a request that is never answered."""
    server.answer = lambda _: server.release.wait(30)
    with pytest.raises(ClusterUnreachableError, match="stays silent"):
        api.request("GET", "/api", timeout=0.05)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a: [", "is not YAML"),
        (b"just text", "is no kubeconfig"),
        (b"{}", "kubeconfig"),
        (b"contexts: {}\nclusters: 3\ncurrent-context: x\n", "kubeconfig"),
        (b"contexts: [{name: x, context: {cluster: c}}]\nclusters: []\ncurrent-context: x", "name c"),
        (None, "No such file"),
    ],
)
def test_a_wrong_kubeconfig_is_one_clear_error(tmp_path: Path, content: bytes | None, says: str) -> None:
    """Nothing happens until the first request, and that names the file."""
    path = tmp_path / "kubeconfig"
    if content is not None:
        path.write_bytes(content)
    api = connect_cluster(ClusterSettings("staging", "staging", path))
    with pytest.raises(ClusterUnreachableError) as caught:
        api.request("GET", "/api")
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_broken_user_never_shows_its_secrets(tmp_path: Path) -> None:
    """The client's own errors quote users; ours do not."""
    path = kubeconfig(tmp_path / "kubeconfig", 1, {"token": TOKEN, "auth-provider": {"name": "oidc", "config": {}}})
    with pytest.raises(ClusterError) as caught:
        connect_cluster(ClusterSettings("staging", "staging", path)).request("GET", "/api")
    assert TOKEN not in f"{caught.value}{caught.value.__cause__}"


def test_outside_a_pod_there_is_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a kubeconfig the account of the pod is used, and its absence is said."""
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(ClusterUnreachableError, match="the account of this pod"):
        connect_cluster(ClusterSettings("staging", "staging")).request("GET", "/api")


def test_a_rotated_token_file_is_read_again(server: Server, tmp_path: Path) -> None:
    """A 401 loads the credentials anew, once; the caller sees nothing of it."""
    (tmp_path / "token").write_text("old")
    path = kubeconfig(tmp_path / "kubeconfig", server.port, {"tokenFile": "token"})
    api = connect_cluster(ClusterSettings("staging", "staging", path))
    api.request("GET", "/api")
    (tmp_path / "token").write_text("new")

    def only_new(handler: BaseHTTPRequestHandler) -> None:
        accepted = handler.headers["Authorization"] == "Bearer new"
        reply(handler, 200 if accepted else 401, {"message": "Unauthorized"})

    server.answer = only_new
    assert api.request("GET", "/api").status == 200
    assert [sent["Authorization"] for _, _, sent, _ in server.requests] == ["Bearer old", "Bearer old", "Bearer new"]


def test_an_exec_plugin_gives_the_token(server: Server, tmp_path: Path) -> None:
    """Managed clusters hand out tokens by a command, as EKS and GKE do."""
    plugin = tmp_path / "plugin"
    credential = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential"}
    credential["status"] = {"token": "from-the-plugin"}  # type: ignore[assignment]  # JSON
    plugin.write_text(f"#!/bin/sh\ncat <<'END'\n{json.dumps(credential)}\nEND\n")
    plugin.chmod(plugin.stat().st_mode | stat.S_IXUSR)
    user = {"exec": {"apiVersion": credential["apiVersion"], "command": str(plugin)}}
    path = kubeconfig(tmp_path / "kubeconfig", server.port, user)
    connect_cluster(ClusterSettings("staging", "staging", path)).request("GET", "/api")
    assert server.requests[0][2]["Authorization"] == "Bearer from-the-plugin"


def test_another_context_is_another_cluster(server: Server, tmp_path: Path) -> None:
    """The context of the settings decides, and a missing one is named."""
    path = kubeconfig(tmp_path / "kubeconfig", server.port, {"token": TOKEN})
    with pytest.raises(ClusterUnreachableError, match="name two"):
        connect_cluster(ClusterSettings("staging", "staging", path, context="two")).request("GET", "/api")


def test_threads_that_connect_at_once_have_whole_certificates(tmp_path: Path) -> None:
    """The client shares the files that it writes certificates into, and each is written when a connection has it."""
    threads = 16
    start = threading.Barrier(threads)

    def connect(file: Path) -> str:
        start.wait()
        connection = load_connection(ClusterSettings("one", "staging", kubeconfig=file))
        return Path(str(connection._configuration.ssl_ca_cert)).read_text()

    for turn in range(20):
        certificate = f"{'certificate ' * 4096}{tmp_path}{turn}"
        file = kubeconfig(tmp_path / f"{turn}.yaml", 1, {"token": "t"})
        document = yaml.safe_load(file.read_text())
        encoded = base64.b64encode(certificate.encode()).decode()
        document["clusters"][0]["cluster"] |= {"server": "https://127.0.0.1:1", "certificate-authority-data": encoded}
        file.write_text(yaml.safe_dump(document))
        with ThreadPoolExecutor(threads) as pool:
            assert set(pool.map(connect, [file] * threads)) == {certificate}


def streaming(server: Server, *chunks: bytes, then: Callable[[BaseHTTPRequestHandler], object]) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for chunk in chunks:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        then(handler)

    server.answer = answer


def test_lines_come_as_they_arrive_however_they_are_cut(api: KubernetesApi, server: Server) -> None:
    """A line is given when its end is there, and not when a buffer is full."""
    streaming(
        server, b'{"a"', b': 1}\n{"b": 2}\n\n{"c', b'": 3}\n', then=lambda handler: handler.wfile.write(b"0\r\n\r\n")
    )
    with_lines = api.stream("/api/v1/pods", {"watch": True}, read=10)
    assert list(with_lines) == [b'{"a": 1}', b'{"b": 2}', b'{"c": 3}']
    assert server.requests[0][1] == "/clusters/staging/api/v1/pods?watch=true"


def test_another_form_of_the_answer_can_be_asked_for(api: KubernetesApi, server: Server) -> None:
    """Such as metadata alone."""
    api.request("GET", "/api/v1/pods", accept="application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")
    api.request("GET", "/api/v1/pods")
    forms = [headers["Accept"] for _, _, headers, _ in server.requests]
    assert forms == ["application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", "application/json"]


def test_a_stream_can_be_closed_while_it_waits(api: KubernetesApi, server: Server) -> None:
    """Another thread ends a read that no line would end; that is no error."""
    streaming(server, b"first\n", then=lambda _: server.release.wait(30))
    stream = api.stream("/api/v1/pods", read=30)
    lines = iter(stream)
    assert next(lines) == b"first"
    closing = threading.Timer(0.05, stream.close)
    closing.start()
    assert list(lines) == []
    closing.join()
    stream.close()


@pytest.mark.parametrize("read", [0.05])
def test_a_stream_that_falls_silent_is_an_error(api: KubernetesApi, server: Server, read: float) -> None:
    """A half-open connection is found by its silence."""
    streaming(server, b"first\n", then=lambda _: server.release.wait(30))
    with pytest.raises(ClusterUnreachableError, match="stays silent"):
        list(api.stream("/api/v1/pods", read=read))


def test_a_stream_that_breaks_is_an_error(api: KubernetesApi, server: Server) -> None:
    """A chunk that was announced and did not come is a broken connection, and no end."""

    def break_off(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"ff\r\nhalf")

    streaming(server, b"first\n", then=break_off)
    with pytest.raises(ClusterUnreachableError, match="broke off"):
        list(api.stream("/api/v1/pods", read=10))


def test_a_line_without_end_is_bounded() -> None:
    """What sends such a line is no watch, and must not fill the memory."""
    with pytest.raises(LineTooLongError):
        list(split_lines((b"x" * 10 for _ in range(1000)), longest=100))
    assert list(split_lines([b"a" * 60, b"\n" + b"b" * 60], longest=100)) == [b"a" * 60, b"b" * 60]
