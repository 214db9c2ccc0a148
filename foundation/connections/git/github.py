"""The repositories of one GitHub organisation, over its REST API and Git over HTTPS."""

from __future__ import annotations

import base64
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

import requests

from foundation.connections.git.command import GitCommandError, git, with_header
from foundation.connections.git.commits import commit_files, commit_folder, create
from foundation.connections.git.model import Proposal, Published, Repository, check_address, check_name, empty
from foundation.connections.git.trees import CommitTree
from foundation.errors import NotAllowedError, ServiceUnavailableError
from foundation.settings import GitSettings

# Seconds to connect, and between two bytes of an answer.
TIMEOUT = (5, 30)
# GitHub's own maximum.
PAGE_SIZE = 100


class GitHub:
    """An organisation's repositories. What was read is mirrored below `settings.directory`."""

    def __init__(self, settings: GitSettings) -> None:
        self.organisation = settings.organisation
        self.api_url = settings.api_url.rstrip("/")
        self._mirrors = settings.directory
        self._credentials = settings.token
        self._session = requests.Session()
        self._session.headers["Accept"] = "application/vnd.github+json"
        self._session.headers["X-GitHub-Api-Version"] = "2022-11-28"
        if settings.token:
            self._session.headers["Authorization"] = f"Bearer {settings.token.reveal()}"
        # Address → (ETag, answer): GitHub does not count an answer of 304 against the hourly limit.
        self._known: dict[str, tuple[str, requests.Response]] = {}
        # Repository → (when it was last pushed to, its head), so that an unchanged list costs no further request.
        self._heads: dict[str, tuple[str, str | None]] = {}
        self._pushed: dict[str, str] = {}
        self._publishing = threading.Lock()

    def repositories(self) -> Sequence[Repository]:
        found: list[Repository] = []
        address: str | None = f"{self.api_url}/orgs/{self.organisation}/repos?per_page={PAGE_SIZE}&sort=full_name"
        while address:
            answer = self._get(address)
            for item in answer.json():
                if not item.get("archived"):
                    self._pushed[item["full_name"]] = item.get("pushed_at") or ""
                    found.append(_repository(item))
            address = self._own(answer.links.get("next", {}).get("url"))
        return sorted(found, key=lambda each: each.name)

    def find(self, url_or_name: str) -> Repository | None:
        check_address(url_or_name)
        name = url_or_name.rstrip("/").removesuffix(".git")
        name = "/".join(name.split("/")[-2:])
        owner, short = check_name(name)
        if owner != self.organisation:
            return None
        answer = self._call("GET", f"/repos/{owner}/{short}", accept={404})
        if answer.status_code == requests.codes.not_found:
            return None
        repository = _repository(answer.json())
        # A link to some other host that merely ends in the same two words is not this repository.
        same = {repository.name, repository.clone_url, repository.web_url, f"{repository.web_url}.git"}
        return repository if url_or_name.rstrip("/") in same else None

    def revision(self, repository: Repository) -> str | None:
        pushed = self._pushed.get(repository.name, "")
        known = self._heads.get(repository.name)
        if known and pushed and known[0] == pushed:
            return known[1]
        path = f"/repos/{repository.name}/branches/{repository.default_branch}"
        answer = self._call("GET", path, accept={404})
        head = None if answer.status_code == requests.codes.not_found else str(answer.json()["commit"]["sha"])
        self._heads[repository.name] = (pushed, head)
        return head

    def tree(self, repository: Repository, revision: str) -> CommitTree:
        mirror = self._mirror(repository.name)
        try:
            git(["cat-file", "-e", f"{revision}^{{commit}}"], repository=mirror)
        except GitCommandError:
            self._git(["fetch", "--quiet", "--depth=1", repository.clone_url, revision], mirror)
        return CommitTree(mirror, revision)

    def publish(self, name: str, folder: Path, *, description: str, message: str, author: str) -> Published:
        _, short = check_name(name)
        with self._publishing:
            self._create(short, description)
            repository = self.find(f"{self.organisation}/{short}")
            if repository is None:
                raise ServiceUnavailableError(f"GitHub does not show the repository {short} that it just made.")
            self._heads.pop(repository.name, None)
            head = self.revision(repository)
            mirror = self._mirror(repository.name)
            if head:
                self.tree(repository, head)
            else:
                # What an interrupted attempt committed and did not push.
                git(["update-ref", "-d", "refs/heads/main"], repository=mirror)
            commit, created = commit_folder(mirror, folder, branch="main", head=head, message=message, author=author)
            if created:
                self._git(["push", "--quiet", repository.clone_url, f"{commit}:refs/heads/main"], mirror)
        return Published(repository, commit, created)

    def propose(
        self,
        repository: Repository,
        files: Mapping[str, bytes | None],
        *,
        branch: str,
        title: str,
        body: str,
        author: str,
    ) -> Proposal:
        self._heads.pop(repository.name, None)
        base = self.revision(repository)
        if base is None:
            raise empty(repository)
        self.tree(repository, base)
        mirror = self._mirror(repository.name)
        with self._publishing:
            commit = commit_files(mirror, files, branch=branch, base=base, message=f"{title}\n\n{body}", author=author)
            # The branch is ours: what it proposed before is out of date.
            self._git(["push", "--quiet", "--force", repository.clone_url, f"{commit}:refs/heads/{branch}"], mirror)
        return Proposal(repository, branch, commit, self._pull_request(repository, branch, title, body))

    def _pull_request(self, repository: Repository, branch: str, title: str, body: str) -> str:
        """The page of the open pull request of `branch`, which is made where there is none."""
        path = f"/repos/{repository.name}/pulls"
        owner = repository.name.partition("/")[0]
        standing = self._call("GET", f"{path}?state=open&head={owner}:{quote(branch, safe='')}", accept=set()).json()
        if standing:
            return str(standing[0]["html_url"])
        wanted = {"title": title, "body": body, "head": branch, "base": repository.default_branch}
        return str(self._call("POST", path, body=wanted, accept=set()).json()["html_url"])

    def _create(self, short: str, description: str) -> None:
        wanted = {"name": short, "description": description[:350], "private": True}
        # 422 is GitHub's answer for a name that is taken; whether it is ours shows in what it holds.
        self._call("POST", f"/orgs/{self.organisation}/repos", body=wanted, accept={422})

    def _mirror(self, name: str) -> Path:
        mirror = self._mirrors / f"{name}.git"
        if not mirror.exists():
            mirror.parent.mkdir(parents=True, exist_ok=True)
            create(mirror, f"Mirror of {name}")
        return mirror

    def _git(self, arguments: Sequence[str], mirror: Path) -> None:
        environment = {}
        if self._credentials:
            pair = base64.b64encode(f"x-access-token:{self._credentials.reveal()}".encode()).decode()
            environment = with_header(f"Authorization: Basic {pair}")
        git(arguments, repository=mirror, environment=environment)

    def _own(self, address: str | None) -> str | None:
        """The address, which is to be one of the API: every request to it carries the token."""
        if address is not None and urlsplit(address)[:2] != urlsplit(self.api_url)[:2]:
            raise ServiceUnavailableError(
                f"GitHub at {self.api_url} names a next page at another host.", remedy="Check git.api_url."
            )
        return address

    def _get(self, address: str) -> requests.Response:
        tag, known = self._known.get(address, ("", None))
        answer = self._request("GET", address, headers={"If-None-Match": tag} if tag else {})
        if known is not None and answer.status_code == requests.codes.not_modified:
            return known
        self._check(answer, set())
        if answer.headers.get("ETag"):
            self._known[address] = (answer.headers["ETag"], answer)
        return answer

    def _call(
        self, method: str, path: str, *, body: Mapping[str, object] | None = None, accept: set[int]
    ) -> requests.Response:
        answer = self._request(method, f"{self.api_url}{path}", body=body)
        self._check(answer, accept)
        return answer

    def _request(
        self,
        method: str,
        address: str,
        *,
        body: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        try:
            return self._session.request(method, address, json=body, headers=headers, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise ServiceUnavailableError(
                f"GitHub at {self.api_url} does not answer ({type(error).__name__}).", remedy="Check git.api_url."
            ) from error

    def _check(self, answer: requests.Response, accept: set[int]) -> None:
        if answer.ok or answer.status_code in accept:
            return
        if answer.headers.get("X-RateLimit-Remaining") == "0" or answer.status_code == requests.codes.too_many_requests:
            raise ServiceUnavailableError("GitHub's hourly limit of requests is used up.", remedy="It ends by itself.")
        if answer.status_code in {401, 403, 404}:
            raise NotAllowedError(
                f"GitHub refuses {answer.request.method} {answer.request.path_url} ({answer.status_code}).",
                remedy=f"Check that git.token may use the organisation {self.organisation}.",
            )
        raise ServiceUnavailableError(f"GitHub answered {answer.status_code} to {answer.request.path_url}.")


def _repository(item: Mapping[str, str]) -> Repository:
    return Repository(item["full_name"], item["clone_url"], item["html_url"], item.get("default_branch") or "main")
