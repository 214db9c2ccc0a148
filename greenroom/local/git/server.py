"""The web application over the local repositories, and the command that runs it.

Anyone on this machine may read; a push needs the platform's token as its password.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hmac
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from foundation.connections.git import LocalRepositories, Repository
from foundation.errors import GreenroomError
from greenroom.local.git.backend import GitBackend
from greenroom.local.git.pages import file_page, index_page, repository_page

# A page that only shows text: nothing may run, load or frame it.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}
CLIENT_PATHS = ("/info/refs", "/git-upload-pack", "/git-receive-pack", "/HEAD")


class GitServer:
    """The handlers, over one folder of repositories."""

    def __init__(self, host: LocalRepositories, token: str) -> None:
        self.host = host
        self.token = token
        self.backend = GitBackend(host.directory)

    def application(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/", self.index),
                Route("/{owner}/{name}/blob/{path:path}", self.file),
                Route("/{owner}/{name}.git/{path:path}", self.client, methods=["GET", "POST"]),
                Route("/{owner}/{name}.git", self.repository),
                # The address of the page is what people copy; hosts that they know clone from it too.
                Route("/{owner}/{name}/{path:path}", self.client, methods=["GET", "POST"]),
                Route("/{owner}/{name}", self.repository),
            ],
            exception_handlers={GreenroomError: _explain},
        )

    def index(self, _request: Request) -> Response:
        return HTMLResponse(index_page(self.host.repositories()), headers=HEADERS)

    def repository(self, request: Request) -> Response:
        repository = self._find(request)
        revision = self.host.revision(repository)
        if revision is None:
            return HTMLResponse(repository_page(repository, None, [], None), headers=HEADERS)
        tree = self.host.tree(repository, revision)
        readme = tree.read("README.md")
        text = readme.decode("utf-8", errors="replace") if readme else None
        return HTMLResponse(repository_page(repository, revision, tree.files(), text), headers=HEADERS)

    def file(self, request: Request) -> Response:
        repository = self._find(request)
        revision = self.host.revision(repository)
        path = request.path_params["path"]
        content = self.host.tree(repository, revision).read(path) if revision else None
        if content is None:
            raise HTTPException(404, f"{repository.name} has no file {path}.")
        return HTMLResponse(file_page(repository, path, content), headers=HEADERS)

    async def client(self, request: Request) -> Response:
        repository = self._find(request)
        path = f"/{request.path_params['path']}"
        if path not in CLIENT_PATHS and not path.startswith("/objects/"):
            raise HTTPException(404)
        pushing = path == "/git-receive-pack" or request.query_params.get("service") == "git-receive-pack"
        user = self._user(request)
        if pushing and user is None:
            text = "To push, give the platform's token as the password: greenroom local token\n"
            return PlainTextResponse(text, 401, {"WWW-Authenticate": 'Basic realm="Greenroom local platform"'})
        return await self.backend.serve(request, f"/{repository.name}.git{path}", user=user)

    def _find(self, request: Request) -> Repository:
        try:
            found = self.host.find(f"{request.path_params['owner']}/{request.path_params['name']}")
        except GreenroomError as error:
            raise HTTPException(404, error.message) from error
        if found is None:
            raise HTTPException(404, "There is no such repository.")
        return found

    def _user(self, request: Request) -> str | None:
        kind, _, encoded = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "basic":
            return None
        try:
            name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        return (name or "greenroom") if hmac.compare_digest(password.encode(), self.token.encode()) else None


def _explain(_request: Request, error: Exception) -> Response:
    """A repository or file that cannot be shown is a sentence, not a fault of the server."""
    status = error.status if isinstance(error, GreenroomError) else 500
    return PlainTextResponse(f"{error}\n", status, HEADERS)


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--token-file", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.directory.mkdir(parents=True, exist_ok=True)
    host = LocalRepositories(arguments.directory, f"http://localhost:{arguments.port}")
    server = GitServer(host, arguments.token_file.read_text(encoding="ascii").strip())
    uvicorn.run(server.application(), host="127.0.0.1", port=arguments.port, log_level="warning")


if __name__ == "__main__":
    main()
