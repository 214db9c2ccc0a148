"""Repositories with documentation, an engine that runs builds, and a builder that takes no time."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from foundation.backstage.entities import EntityRef
from foundation.connections.git import LocalRepositories
from foundation.jsontypes import JsonObject
from foundation.runs import Run, RunContext, RunEngine
from foundation.settings import AwsSettings, DocsSettings, StateSettings
from techdocs.building import BuildResult
from techdocs.building.process import Check, Log
from techdocs.builds import KIND, BuildBody, Builds, Places
from techdocs.publishing import Storage, open_storage, site_files
from techdocs.sources import Project

ORDERS = EntityRef.parse("component:default/order-api")
SERVICE = "apiVersion: platform.company.com/v1\nkind: Service\nmetadata: {name: order-api, team: commerce}\n"
FILES = {"service.yaml": SERVICE, "docs/index.md": "# Orders\n"}


class Git:
    """Local repositories that tests can commit to."""

    def __init__(self, directory: Path) -> None:
        self.host = LocalRepositories(directory, "http://localhost:7114")
        self.scratch = directory.parent / "work"

    # Commits of the same second, content and message would be one, and their builds one run.
    def commit(self, files: Mapping[str, str], name: str = "commerce/order-api") -> str:
        """Make `files` the whole content of the repository, and return the new commit."""
        folder = self.scratch / name
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        bare = self.host.directory / f"{name}.git"
        if not bare.exists():
            return self.host.publish(name, folder, description="x", message=uuid.uuid4().hex, author="ada").commit
        head = self.head(name)
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "--git-dir", str(bare)]
        subprocess.run([*git, "--work-tree", str(folder), "add", "--all"], check=True)
        tree = subprocess.run([*git, "write-tree"], check=True, capture_output=True, text=True).stdout.strip()
        made = subprocess.run(
            [*git, "commit-tree", tree, "-p", head, "-m", uuid.uuid4().hex], check=True, capture_output=True, text=True
        )
        self.reset(made.stdout.strip(), name)
        return made.stdout.strip()

    def head(self, name: str = "commerce/order-api") -> str:
        repository = self.host.find(name)
        assert repository is not None
        return self.host.revision(repository) or ""

    def reset(self, commit: str, name: str = "commerce/order-api") -> None:
        """Move the branch."""
        bare = self.host.directory / f"{name}.git"
        subprocess.run(["git", "--git-dir", str(bare), "update-ref", "refs/heads/main", commit], check=True)


class QuickBuilder:
    """Writes each page as it is; fails or does something else first when a test says so."""

    def __init__(self) -> None:
        self.built: list[str] = []
        self.failure: Exception | None = None

    def __call__(self, project: Project, into: Path, *, log: Log, check: Check) -> BuildResult:
        self.built.append(project.site_name)
        log("building", "info")
        check()
        if self.failure is not None:
            raise self.failure
        into.mkdir(parents=True)
        for page in (project.base / "docs").rglob("*.md"):
            (into / page.with_suffix(".html").name).write_text(page.read_text())
        return BuildResult(project.site_name, "", len(self.built), tuple(site_files(into)))


class Engine:
    """One engine for the module, whose body is that of the test at hand."""

    def __init__(self, state: StateSettings) -> None:
        self.runs = RunEngine(state, executor="test")
        self.body: BuildBody | None = None
        self.runs.register(KIND, self._do)

    def _do(self, context: RunContext, payload: JsonObject) -> JsonObject:
        assert self.body is not None
        return self.body(context, payload)

    def end(self, run_id: str) -> Run:
        """Wait for the end of a run."""

        async def follow() -> Run:
            async for each in self.runs.follow(run_id):
                if isinstance(each, Run):
                    return each
            raise AssertionError

        return asyncio.run(asyncio.wait_for(follow(), 30))


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    running = Engine(StateSettings(directory=tmp_path_factory.mktemp("state")))
    running.runs.start()
    yield running
    running.runs.stop()


class Workshop:
    """All that builds need, below one folder."""

    def __init__(self, base: Path, engine: Engine) -> None:
        self.engine = engine
        self.git = Git(base / "git")
        # A folder of the settings, empty.
        self.folder = base / "folder"
        self.folder.mkdir()
        self.published = base / "published"
        self.storage: Storage = open_storage(DocsSettings(directory=self.published), AwsSettings())
        self.sites = base / "sites"
        self.builder = QuickBuilder()
        self.places = Places(self.git.host, [self.folder])
        self.body = BuildBody(
            self.places, self.storage, self.sites, build=self.builder, now_ms=lambda: 1_700_000_000_000
        )
        engine.body = self.body
        self.builds = Builds(engine.runs, self.places, self.storage, namespace="default")

    @property
    def revision(self) -> str | None:
        """What is published of the orders."""
        return self.builds.published_revision(ORDERS)


@pytest.fixture
def workshop(tmp_path: Path, engine: Engine) -> Workshop:
    return Workshop(tmp_path, engine)
