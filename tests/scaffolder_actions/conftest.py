"""What the tests of actions work with: a context that remembers, a workspace, a simulated cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from foundation.connections.git import LocalRepositories
from foundation.connections.kubernetes import KubernetesApi, connect_cluster
from foundation.runs.model import Level
from foundation.settings import AwsSettings, ClusterSettings, PlatformSettings, VaultSettings
from greenroom.local.cluster import SimulatedClusters
from scaffolder_actions.actions.parts import Parts
from scaffolder_actions.credentials import Entries
from scaffolder_actions.infrastructure.stacks import Stacks
from scaffolder_actions.plans.sources import Sources
from scaffolder_actions.rollouts.clusters import Clusters
from tests.local_aws import running_aws, without_aws
from tests.openbao import ROOT_TOKEN, running_openbao

T = TypeVar("T")

DOCUMENT = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  language: python
  environments: [staging]
  deployment:
    replicas: {min: 2, max: 4}
"""


class Recorder:
    """An ActionContext that keeps no step and remembers what was said and done."""

    def __init__(self, workspace: Path) -> None:
        self.caller = "user:default/ann"
        self.workspace = workspace
        self.lines: list[str] = []
        self.levels: list[Level] = []
        self.steps: list[str] = []
        self.results: list[object] = []
        self.on_pause: Callable[[], None] = lambda: None
        self.passed = 0.0

    def log(self, message: str, level: Level = "info") -> None:
        self.lines.append(message)
        self.levels.append(level)

    def step(self, name: str, function: Callable[[], T]) -> T:
        self.steps.append(name)
        result = function()
        self.results.append(result)
        return result

    def pause(self, seconds: float) -> None:
        self.passed += seconds
        self.on_pause()


@pytest.fixture
def context(tmp_path: Path) -> Recorder:
    """A context whose workspace holds a service document."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "service.yaml").write_text(DOCUMENT)
    return Recorder(folder)


@pytest.fixture
def platform() -> PlatformSettings:
    return PlatformSettings()


@pytest.fixture(scope="session")
def spare_clusters() -> Iterator[tuple[SimulatedClusters, Iterator[str]]]:
    """Simulated clusters, and the names of those that no test has used yet: one server starts and stops for all."""
    # More than all tests together use: each costs 4 ms.
    names = [f"cluster-{number}" for number in range(400)]
    with SimulatedClusters(names) as clusters:
        yield clusters, iter(names)


@pytest.fixture
def simulated(request: pytest.FixtureRequest) -> Iterator[tuple[SimulatedClusters, str]]:
    """An empty cluster, by server and name, whose pods take hundredths of a second; as a parameter, another pace."""
    pace = getattr(request, "param", None)
    if pace is None:
        clusters, names = request.getfixturevalue("spare_clusters")
        yield clusters, next(names)
        return
    with SimulatedClusters(["paced"], pace=pace) as clusters:
        yield clusters, "paced"


@pytest.fixture
def cluster(simulated: tuple[SimulatedClusters, str]) -> ClusterSettings:
    """The cluster as the settings name it: "one", of the environment staging."""
    clusters, name = simulated
    return ClusterSettings("one", "staging", kubeconfig=clusters.kubeconfig, context=name, simulated=True)


@pytest.fixture
def api(cluster: ClusterSettings) -> KubernetesApi:
    return connect_cluster(cluster)


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VaultSettings]:
    """An OpenBao server, and a token that may do everything there."""
    folder = tmp_path_factory.mktemp("bao")
    (folder / "token").write_text(ROOT_TOKEN)
    with running_openbao(folder) as address:
        yield VaultSettings(address, folder / "token")


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AwsSettings]:
    """The simulated AWS."""
    with running_aws(tmp_path_factory.mktemp("aws")) as settings:
        yield settings


@pytest.fixture
def parts(
    cluster: ClusterSettings, platform: PlatformSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Parts:
    """The one cluster and local repositories, for who has neither AWS nor Vault."""
    stacks = Stacks(without_aws(monkeypatch))
    git = LocalRepositories(tmp_path / "git", "http://git.example")
    sources = Sources(git, "", Clusters([cluster], connect_cluster), stacks, platform)
    return Parts(sources, stacks, Entries(VaultSettings()))
