"""GitHub's REST API as `responses` plays it, with real repositories behind the clone addresses."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import requests
import responses

from foundation.connections.git import GitHub, Proposal, connect_git
from foundation.connections.git.commits import commit_folder
from foundation.errors import NotAllowedError, ServiceUnavailableError
from foundation.settings import GitSettings, Secret

API = "https://api.github.example"


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """The repository at GitHub's side, empty at first."""
    origin = tmp_path / "origin" / "orders.git"
    origin.parent.mkdir()
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", str(origin)], check=True)
    return origin


@pytest.fixture
def host(tmp_path: Path) -> GitHub:
    settings = GitSettings(
        host="github", organisation="acme", api_url=API, token=Secret("ghs_canary"), directory=tmp_path / "mirrors"
    )
    host = connect_git(settings)
    assert isinstance(host, GitHub)
    return host


def item(origin: Path, pushed_at: str = "2026-01-01T00:00:00Z") -> dict[str, str]:
    return {
        "full_name": "acme/orders",
        "clone_url": f"file://{origin}",
        "html_url": "https://github.example/acme/orders",
        "default_branch": "main",
        "pushed_at": pushed_at,
    }


@responses.activate
def test_publishing_creates_pushes_and_repeats_nothing(host: GitHub, origin: Path, tmp_path: Path) -> None:
    """The first publication creates and pushes; the second finds the same content and leaves it."""
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "service.yaml").write_text("kind: Service\n")

    def branch(_: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        head = subprocess.run(
            ["git", "-C", str(origin), "rev-parse", "-q", "--verify", "main"], capture_output=True, check=False
        )
        if head.returncode:
            return 404, {}, "{}"
        return 200, {}, json.dumps({"commit": {"sha": head.stdout.decode().strip()}})

    responses.post(f"{API}/orgs/acme/repos", status=201, json={})
    responses.get(f"{API}/repos/acme/orders", json=item(origin))
    responses.add_callback(responses.GET, f"{API}/repos/acme/orders/branches/main", callback=branch)
    first = host.publish("commerce/orders", folder, description="Orders", message="Create", author="ada")
    assert first.created
    responses.replace(responses.POST, f"{API}/orgs/acme/repos", status=422, json={"message": "name already exists"})
    again = host.publish("commerce/orders", folder, description="Orders", message="Create", author="ada")
    assert (again.commit, again.created) == (first.commit, False)
    count = subprocess.run(["git", "-C", str(origin), "rev-list", "--count", "main"], capture_output=True, check=True)
    assert count.stdout.strip() == b"1"
    assert host.tree(first.repository, first.commit).read("service.yaml") == b"kind: Service\n"


@responses.activate
def test_lists_are_read_to_the_last_page_and_asked_for_conditionally(host: GitHub, origin: Path) -> None:
    """Every page is followed, archived repositories are left out, and an unchanged list costs a 304."""
    first = f"{API}/orgs/acme/repos?per_page=100&sort=full_name"
    archived = {**item(origin), "full_name": "acme/old", "archived": True}
    responses.get(first, json=[item(origin)], headers={"Link": f'<{API}/next>; rel="next"', "ETag": '"1"'})
    responses.get(f"{API}/next", json=[archived], headers={"ETag": '"2"'})
    assert [each.name for each in host.repositories()] == ["acme/orders"]
    responses.reset()
    responses.get(first, status=304, match=[responses.matchers.header_matcher({"If-None-Match": '"1"'})])
    responses.get(f"{API}/next", status=304)
    assert [each.name for each in host.repositories()] == ["acme/orders"]


@responses.activate
def test_the_head_is_asked_for_only_after_a_push(host: GitHub, origin: Path) -> None:
    """The list says when a repository was pushed to; an unchanged one costs no request of its own."""
    address = f"{API}/orgs/acme/repos"
    responses.get(address, json=[item(origin)])
    branch = responses.get(f"{API}/repos/acme/orders/branches/main", json={"commit": {"sha": "a" * 40}})
    [repository] = host.repositories()
    assert [host.revision(repository), host.revision(repository)] == ["a" * 40] * 2
    assert branch.call_count == 1
    responses.replace(responses.GET, address, json=[item(origin, "2026-02-02T00:00:00Z")])
    host.repositories()
    host.revision(repository)
    assert branch.call_count == 2


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (401, {}, NotAllowedError),
        (403, {"X-RateLimit-Remaining": "0"}, ServiceUnavailableError),
        (502, {}, ServiceUnavailableError),
    ],
)
@responses.activate
def test_refusals_are_told_apart_and_hold_no_token(
    host: GitHub, status: int, headers: dict[str, str], kind: type[Exception]
) -> None:
    """A wrong token, a used-up limit and a broken GitHub are different errors, none with the credentials."""
    responses.get(f"{API}/orgs/acme/repos", status=status, headers=headers)
    with pytest.raises(kind) as caught:
        host.repositories()
    assert "ghs_canary" not in str(caught.value)


@responses.activate
def test_an_unreachable_host_is_named(host: GitHub) -> None:
    """The address that does not answer stands in the error."""
    responses.get(f"{API}/orgs/acme/repos", body=requests.ConnectionError("refused"))
    with pytest.raises(ServiceUnavailableError, match=r"api\.github\.example"):
        host.repositories()


@responses.activate
def test_other_hosts_and_organisations_are_not_found(host: GitHub, origin: Path) -> None:
    """An address that only ends in the same words is another repository."""
    responses.get(f"{API}/repos/acme/orders", json=item(origin))
    assert host.find("https://github.example/acme/orders") is not None
    assert host.find("https://evil.example/acme/orders") is None
    assert host.find("other/orders") is None


@pytest.mark.parametrize("address", ["https://evil.example/next", "http://api.github.example/next"])
@responses.activate
def test_the_token_goes_to_no_other_host(host: GitHub, origin: Path, address: str) -> None:
    """A next page elsewhere, or without TLS, is not asked for; nor does a redirect take the token along."""
    first = f"{API}/orgs/acme/repos"
    responses.get(first, json=[item(origin)], headers={"Link": f'<{address}>; rel="next"'})
    elsewhere = responses.get(address, json=[])
    with pytest.raises(ServiceUnavailableError, match="another host"):
        host.repositories()
    assert elsewhere.call_count == 0
    responses.replace(responses.GET, first, status=302, headers={"Location": "https://evil.example/moved"})
    responses.get("https://evil.example/moved", json=[])
    host.repositories()
    assert "Authorization" not in responses.calls[-1].request.headers


@responses.activate
def test_a_proposal_is_a_pull_request_and_stays_the_same_one(host: GitHub, origin: Path, tmp_path: Path) -> None:
    """The branch is pushed; the pull request is opened once, and found again afterwards."""
    folder = tmp_path / "service"
    folder.mkdir()
    (folder / "service.yaml").write_text("kind: Service\n")
    head, _ = commit_folder(origin, folder, branch="main", head=None, message="First", author="ada")
    responses.get(f"{API}/repos/acme/orders", json=item(origin))
    responses.get(f"{API}/repos/acme/orders/branches/main", json={"commit": {"sha": head}})
    pulls = responses.get(f"{API}/repos/acme/orders/pulls", json=[])
    opened = responses.post(f"{API}/repos/acme/orders/pulls", json={"html_url": "https://github.example/pull/7"})
    repository = host.find("acme/orders")
    assert repository

    def propose() -> Proposal:
        files = {"service.yaml": b"kind: Other\n"}
        return host.propose(repository, files, branch="greenroom/2026.11", title="Move", body="Why.", author="ada")

    first = propose()
    assert first.url == "https://github.example/pull/7"
    body = json.loads(opened.calls[0].request.body or b"")
    assert body == {"title": "Move", "body": "Why.", "head": "greenroom/2026.11", "base": "main"}
    responses.remove(pulls)
    responses.get(f"{API}/repos/acme/orders/pulls", json=[{"html_url": "https://github.example/pull/7"}])
    again = propose()
    assert (again.commit, again.url, opened.call_count) == (first.commit, first.url, 1)
    pushed = subprocess.run(
        ["git", "-C", str(origin), "show", "greenroom/2026.11:service.yaml"], capture_output=True, check=True
    )
    assert pushed.stdout == b"kind: Other\n"
