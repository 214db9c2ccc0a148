"""Bare repositories on this machine, with the real `git`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from foundation.connections.git import LocalRepositories, Proposal
from foundation.connections.git.command import git
from foundation.connections.git.commits import create
from foundation.connections.git.trees import CommitTree
from foundation.errors import ConflictError, InputError, PayloadTooLargeError


@pytest.fixture
def host(tmp_path: Path) -> LocalRepositories:
    return LocalRepositories(tmp_path / "git", "http://localhost:7114/")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "service"
    (folder / "docs").mkdir(parents=True)
    (folder / "service.yaml").write_text("kind: Service\n")
    (folder / "docs" / "index.md").write_text("# Hello\n")
    return folder


def publish(host: LocalRepositories, folder: Path, name: str = "commerce/order-api") -> str:
    return host.publish(name, folder, description="Orders", message="Create", author="user:default/ada").commit


def test_a_published_folder_can_be_read_and_cloned(host: LocalRepositories, folder: Path, tmp_path: Path) -> None:
    """What was published is what the host lists, reads, exports and what `git clone` gives."""
    commit = publish(host, folder)
    [repository] = host.repositories()
    assert repository.clone_url == "http://localhost:7114/commerce/order-api.git"
    assert host.revision(repository) == commit
    tree = host.tree(repository, commit)
    assert tree.files() == ["docs/index.md", "service.yaml"]
    assert tree.files("docs") == ["docs/index.md"]
    assert tree.read("service.yaml") == b"kind: Service\n"
    assert tree.read("docs") is None
    assert tree.read("absent") is None
    (tmp_path / "out").mkdir()
    tree.export(tmp_path / "out", "docs")
    assert (tmp_path / "out" / "index.md").read_text() == "# Hello\n"
    source = host.directory / "commerce" / "order-api.git"
    subprocess.run(["git", "clone", "-q", str(source), str(tmp_path / "clone")], check=True)
    assert (tmp_path / "clone" / "service.yaml").is_file()


def test_publishing_again_changes_nothing(host: LocalRepositories, folder: Path) -> None:
    """A repeated publication of the same content attaches to the first commit."""
    first = publish(host, folder)
    again = host.publish("commerce/order-api", folder, description="Orders", message="Create", author="ada")
    assert (again.commit, again.created) == (first, False)


def test_another_content_is_refused(host: LocalRepositories, folder: Path) -> None:
    """A repository that holds something else is not overwritten."""
    publish(host, folder)
    (folder / "service.yaml").write_text("kind: Other\n")
    with pytest.raises(ConflictError, match="commerce/order-api exists"):
        publish(host, folder)


def test_the_head_is_found_when_git_packed_it(host: LocalRepositories, folder: Path) -> None:
    """`git gc` moves references into one file; the head is the same."""
    commit = publish(host, folder)
    [repository] = host.repositories()
    subprocess.run(["git", "-C", str(host.directory / "commerce/order-api.git"), "pack-refs", "--all"], check=True)
    assert host.revision(repository) == commit


@pytest.mark.parametrize("name", ["../x", "a/../b", "a", "a/b/c", "/etc/passwd", "a/b\0", "-x/y", "a/.git", "a/b.git"])
def test_names_that_would_leave_the_folder_are_refused(host: LocalRepositories, folder: Path, name: str) -> None:
    """A name is an owner and a repository, each of the letters that Git hosts take."""
    with pytest.raises(InputError):
        publish(host, folder, name)


def test_addresses_of_other_hosts_are_not_found(host: LocalRepositories, folder: Path) -> None:
    """Only this host's own addresses name its repositories."""
    publish(host, folder)
    assert host.find("http://localhost:7114/commerce/order-api.git") is not None
    assert host.find("commerce/order-api") is not None
    assert host.find("http://elsewhere.example/commerce/order-api.git") is None


@pytest.mark.parametrize("host_name", ["localhost:7114", "elsewhere.example"])
def test_an_address_with_credentials_is_refused_unquoted(host: LocalRepositories, host_name: str) -> None:
    """A token in an address would end up in errors, logs and rows."""
    with pytest.raises(InputError, match="holds a name or a password") as caught:
        host.find(f"http://ada:canary@{host_name}/commerce/order-api.git")
    assert "canary" not in str(caught.value)


def test_an_empty_folder_and_an_empty_repository(host: LocalRepositories, tmp_path: Path) -> None:
    """There is nothing to publish in an empty folder, and an empty repository has no revision."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="empty"):
        publish(host, tmp_path / "empty")
    [repository] = host.repositories()
    assert host.revision(repository) is None


def test_a_file_too_large_to_be_a_document_is_named(host: LocalRepositories, folder: Path) -> None:
    """Reading is bounded before the content is loaded."""
    (folder / "large.bin").write_bytes(b"0" * (5 * 1024 * 1024 + 1))
    commit = publish(host, folder)
    with pytest.raises(PayloadTooLargeError, match=r"large\.bin"):
        host.tree(host.repositories()[0], commit).read("large.bin")


def test_a_link_that_leads_outside_is_not_exported(host: LocalRepositories, folder: Path, tmp_path: Path) -> None:
    """A symbolic link out of the tree stops the export."""
    (folder / "secret").symlink_to("/etc/passwd")
    commit = publish(host, folder)
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match="leads outside"):
        host.tree(host.repositories()[0], commit).export(tmp_path / "out")


def commit(host: LocalRepositories, tree: str) -> CommitTree:
    """A commit of the repository commerce/order-api that holds this tree, as a push could bring it."""
    directory = host.directory / "commerce" / "order-api.git"
    identity = {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x", "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x"}
    made = git(["commit-tree", tree, "-m", "x"], repository=directory, environment=identity)
    return CommitTree(directory, made.decode().strip())


def plumb(host: LocalRepositories, *arguments: str, content: bytes) -> str:
    directory = host.directory / "commerce" / "order-api.git"
    done = subprocess.run(
        ["git", "--git-dir", str(directory), *arguments], input=content, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


@pytest.fixture
def bomb(host: LocalRepositories, folder: Path) -> CommitTree:
    """Eight objects that name ten million files."""
    publish(host, folder)
    made, kind = plumb(host, "hash-object", "-w", "--stdin", content=b"x" * 1000), "100644 blob"
    for _ in range(7):
        listing = "".join(f"{kind} {made}\t{name:0200}\0" for name in range(10))
        made, kind = plumb(host, "mktree", "-z", content=listing.encode()), "040000 tree"
    return commit(host, made)


def test_a_tree_that_names_millions_of_files_is_refused(bomb: CommitTree, tmp_path: Path) -> None:
    """Listing and exporting stop at a bound, so that a few kilobytes of nested trees cannot fill memory or disk."""
    with pytest.raises(PayloadTooLargeError, match="too large"):
        bomb.files()
    with pytest.raises(PayloadTooLargeError, match="too large"):
        bomb.export(tmp_path)
    assert not list(tmp_path.rglob("*000"))


@pytest.mark.parametrize("bound", ["MOST_FILES", "LARGEST_EXPORT"])
def test_an_export_over_its_bounds_is_refused_before_it_begins(
    host: LocalRepositories, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    """The error has what there is and the limit."""
    commit_id = publish(host, folder)
    tree = host.tree(host.repositories()[0], commit_id)
    monkeypatch.setattr(f"foundation.connections.git.trees.{bound}", 1)
    with pytest.raises(PayloadTooLargeError, match="the limit is 1"):
        tree.export(tmp_path)


def test_odd_names_links_and_attributes_do_no_harm(host: LocalRepositories, folder: Path, tmp_path: Path) -> None:
    """Names of any bytes are listed, submodules are empty, and a filter named in .gitattributes runs nothing."""
    publish(host, folder)
    blob = plumb(host, "hash-object", "-w", "--stdin", content=b"x")
    attributes = plumb(host, "hash-object", "-w", "--stdin", content=b"* filter=evil diff=evil\n")
    entries = [
        b"100644 blob %s\t.gitattributes\0" % attributes.encode(),
        b"100644 blob %s\tline\nbreak \xff\0" % blob.encode(),
        b"160000 commit %s\tmodule\0" % (b"1" * 40),
    ]
    tree = commit(host, plumb(host, "mktree", "-z", "--missing", content=b"".join(entries)))
    assert len(tree.files()) == 3
    assert tree.read("module") is None
    assert tree.read("a\0b") is None
    (tmp_path / "out").mkdir()
    tree.export(tmp_path / "out")
    assert (tmp_path / "out" / ".gitattributes").is_file()
    assert list((tmp_path / "out" / "module").iterdir()) == []


def test_a_name_that_no_file_can_have_is_one_clear_error(host: LocalRepositories, folder: Path, tmp_path: Path) -> None:
    """Git takes names that file systems refuse."""
    publish(host, folder)
    blob = plumb(host, "hash-object", "-w", "--stdin", content=b"x")
    tree = commit(host, plumb(host, "mktree", "-z", content=f"100644 blob {blob}\t{'n' * 300}\0".encode()))
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError, match="cannot be written here: File name too long"):
        tree.export(tmp_path / "out")


def propose(host: LocalRepositories, files: dict[str, bytes | None]) -> Proposal:
    repository = host.find("commerce/order-api")
    assert repository
    return host.propose(repository, files, branch="greenroom/2026.11", title="Move", body="Why.", author="ada")


def test_a_proposal_is_one_commit_on_a_branch_of_its_own(host: LocalRepositories, folder: Path) -> None:
    """The default branch stays as it is; the branch has what was proposed, and nothing else is different."""
    head = publish(host, folder)
    proposal = propose(
        host, {"service.yaml": b"kind: Other\n", "docs/index.md": None, "deploy/new file.yaml": b"a: 1\n"}
    )
    repository = proposal.repository
    assert host.revision(repository) == head
    tree = host.tree(repository, proposal.commit)
    assert list(tree.files()) == ["deploy/new file.yaml", "service.yaml"]
    assert tree.read("service.yaml") == b"kind: Other\n"
    directory = host.directory / "commerce" / "order-api.git"
    assert git(["rev-parse", f"{proposal.commit}^"], repository=directory).decode().strip() == head
    assert git(["rev-parse", proposal.branch], repository=directory).decode().strip() == proposal.commit


def test_to_propose_the_same_again_changes_nothing(host: LocalRepositories, folder: Path) -> None:
    """And to propose something else replaces it, since one branch is one proposal."""
    publish(host, folder)
    first = propose(host, {"service.yaml": b"kind: Other\n"})
    assert propose(host, {"service.yaml": b"kind: Other\n"}).commit == first.commit
    other = propose(host, {"service.yaml": b"kind: Third\n"})
    assert host.tree(other.repository, other.commit).read("service.yaml") == b"kind: Third\n"
    directory = host.directory / "commerce" / "order-api.git"
    assert git(["rev-list", "--count", f"main..{other.branch}"], repository=directory).strip() == b"1"


def test_there_is_nothing_to_change_in_an_empty_repository(host: LocalRepositories) -> None:
    """One sentence in place of Git's."""
    create(host.directory / "commerce" / "order-api.git", "Orders")
    with pytest.raises(ConflictError, match="is empty"):
        propose(host, {"service.yaml": b"x"})
