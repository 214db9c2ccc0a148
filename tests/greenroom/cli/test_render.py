"""`greenroom service render`: a stream for kubectl, or a whole tree in a folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

DOCUMENT = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: order-api
  team: commerce
spec:
  environments: [staging, production]
  deployment:
    replicas: {min: 2, max: 4}
"""
KUSTOMIZATION = "deploy/{}/kubernetes/kustomization.yaml"
AUTOSCALER = "deploy/staging/kubernetes/horizontalpodautoscaler.yaml"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A document in a folder of its own, as in a repository."""
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "service.yaml").write_text(DOCUMENT)
    return folder / "service.yaml"


def render(document: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "greenroom", "service", "render", str(document), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def content(folder: Path) -> dict[str, str]:
    """Every file below a folder."""
    return {each.relative_to(folder).as_posix(): each.read_text() for each in folder.rglob("*") if each.is_file()}


def image(stream: str) -> str:
    """The image of the Deployment in a stream."""
    (deployment,) = (each for each in yaml.safe_load_all(stream) if each["kind"] == "Deployment")
    return str(deployment["spec"]["template"]["spec"]["containers"][0]["image"])


def test_a_stream_for_kubectl(document: Path) -> None:
    """The objects of one environment, each whole, and nothing else; the same bytes each time."""
    first = render(document, "-e", "production", "--version", "1.4.2")
    assert (first.returncode, first.stderr) == (0, "")
    assert render(document, "-e", "production", "--version", "1.4.2").stdout == first.stdout
    objects = list(yaml.safe_load_all(first.stdout))
    assert {each["metadata"]["namespace"] for each in objects} == {"commerce"}
    assert {"Deployment", "Service", "HorizontalPodAutoscaler"} <= {each["kind"] for each in objects}
    assert image(first.stdout) == "registry.localhost/commerce/order-api:1.4.2"


def test_without_an_environment_it_is_the_first(document: Path) -> None:
    """One environment at a time: two of them in one stream would overwrite each other in a cluster."""
    done = render(document)
    assert done.stdout == render(document, "-e", "staging").stdout
    assert "This is staging" in done.stderr
    assert "production" in done.stderr


def test_the_whole_tree(document: Path, tmp_path: Path) -> None:
    """Each environment's objects and what all share; rendered again, nothing is touched."""
    folder = tmp_path / "new" / "tree"
    done = render(document, "-d", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    files = content(folder)
    assert {KUSTOMIZATION.format("staging"), KUSTOMIZATION.format("production"), AUTOSCALER} <= set(files)
    assert any(path.startswith(".github/workflows/") for path in files)
    times = {path: (folder / path).stat().st_mtime_ns for path in files}
    assert f"0 written, 0 removed, {len(files)} as they were" in render(document, "-d", str(folder)).stdout
    assert {path: (folder / path).stat().st_mtime_ns for path in content(folder)} == times


def test_one_environment_of_the_tree(document: Path, tmp_path: Path) -> None:
    """Nothing outside of its folder is written or removed."""
    render(document, "-d", str(tmp_path / "tree"), "-e", "staging")
    assert all(path.startswith("deploy/staging/") for path in content(tmp_path / "tree"))


def test_the_version_that_stands_is_kept(document: Path) -> None:
    """What promotion wrote into a kustomization stays, unless another version is asked for."""
    folder = document.parent
    render(document, "-d", str(folder), "--version", "1.4.2")
    render(document, "-d", str(folder), "--version", "1.5.0", "-e", "staging")
    document.write_text(DOCUMENT.replace("max: 4", "max: 5"))
    done = render(document, "-d", str(folder), "-o", "json")
    assert set(json.loads(done.stdout)["written"]) == {
        AUTOSCALER,
        AUTOSCALER.replace("staging", "production"),
    }
    assert image(render(document, "-e", "staging").stdout).endswith(":1.5.0")
    assert image(render(document, "-e", "production").stdout).endswith(":1.4.2")


def test_what_is_generated_no_more_goes(document: Path) -> None:
    """Stale files are removed with their empty folders; what others put there stays."""
    folder = document.parent
    render(document, "-d", str(folder))
    own = folder / "deploy/staging/kubernetes/own.yaml"
    own.write_text("kind: ConfigMap\n")
    document.write_text(DOCUMENT.replace("[staging, production]", "[staging]").replace("max: 4", "max: 2"))
    assert render(document, "-d", str(folder)).returncode == 0
    assert not (folder / AUTOSCALER).exists()
    assert not (folder / "deploy/production").exists()
    assert own.exists()


def test_half_a_tree_is_never_written(document: Path) -> None:
    """A file that Greenroom did not make is in the way of one: nothing is written at all."""
    folder = document.parent
    (folder / "deploy/production/kubernetes").mkdir(parents=True)
    (folder / "deploy/production/kubernetes/service.yaml").write_text("kind: Service\n")
    before = content(folder)
    done = render(document, "-d", str(folder))
    assert done.returncode == 1
    assert "deploy/production/kubernetes/service.yaml" in done.stderr
    assert content(folder) == before


def test_everything_as_one_document(document: Path) -> None:
    """For programs: the text of each file by its path."""
    files = json.loads(render(document, "-o", "json").stdout)["files"]
    assert {KUSTOMIZATION.format("staging"), KUSTOMIZATION.format("production")} <= set(files)
    staging = json.loads(render(document, "-o", "json", "-e", "staging").stdout)["files"]
    assert staging == {path: text for path, text in files.items() if path.startswith("deploy/staging/")}


def test_nothing_that_talks_is_loaded(document: Path) -> None:
    """The command runs at every commit: what it does not need costs time, which shows in what it imports."""
    program = (
        "import sys; from greenroom.cli.main import greenroom;"
        "greenroom.main(sys.argv[1:], standalone_mode=False);"
        "print([each for each in ('requests', 'urllib3', 'boto3', 'kubernetes', 'rich', 'sqlalchemy', 'connexion')"
        " if each in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, "service", "render", str(document), "-e", "staging"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr.strip() == "[]"
