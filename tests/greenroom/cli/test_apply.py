"""`greenroom service apply` and `delete` against a running platform, with and without a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.greenroom.cli.conftest import Greenroom

NEW = """\
apiVersion: platform.company.com/v1
kind: Service
metadata:
  name: {name}
  team: commerce
spec:
  environments: [staging]
  dependencies: [{needed}]
"""
REDIS = "{type: redis}"


class Documents:
    """Documents of one service, as somebody changes it."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._file = folder / "service.yaml"

    def needing(self, *needed: str) -> str:
        self._file.write_text(NEW.format(name=self.name, needed=", ".join(needed)))
        return str(self._file)


@pytest.fixture
def stock(tmp_path: Path) -> Documents:
    return Documents("stock-api", tmp_path)


def test_a_service_comes_changes_and_goes(greenroom: Greenroom, stock: Documents) -> None:
    """Planned, applied and told of part by part; what holds data goes only by its name, and so does the whole."""
    done = greenroom("service", "apply", stock.needing(REDIS), "--version", "1.0.0", "--yes")
    assert done.returncode == 0, done.stderr
    assert "+ AWS::ElastiCache::ReplicationGroup Cache" in done.stderr
    assert "files below" not in done.stderr, "applying writes no files, so the plan shows none"
    for part in ("Deployment/stock-api", "ExternalSecret/stock-api", "AWS::ElastiCache::ReplicationGroup/Cache"):
        assert any(line.startswith("Healthy") and part in line for line in done.stdout.splitlines()), part
    assert "stock-api 1.0.0 is well in staging" in done.stdout

    again = greenroom("service", "apply", stock.needing(REDIS), "-o", "json")
    assert again.returncode == 0, "nothing changes, so nobody is asked"
    (applied,) = json.loads(again.stdout)["applied"]
    assert (applied["environment"], applied["version"], applied["status"]) == ("staging", "1.0.0", "Healthy")

    refused = greenroom("service", "apply", stock.needing(), "--yes")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Nobody is there to type stock-api to go on. Add --confirm stock-api." in refused.stderr
    less = greenroom("service", "apply", stock.needing(), "--confirm", "stock-api")
    assert less.returncode == 0, less.stderr
    assert "saved Cache (AWS::ElastiCache::ReplicationGroup): a snapshot at staging-stock-api-cache-" in less.stdout

    refused = greenroom("service", "delete", "stock-api", "--team", "commerce")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "staging  staging  Deployment/stock-api" in refused.stderr
    assert "Nobody is there to type stock-api to delete it." in refused.stderr
    gone = greenroom("service", "delete", "stock-api", "--team", "commerce", "--confirm", "stock-api", "-o", "json")
    assert gone.returncode == 0, gone.stderr
    outputs = json.loads(gone.stdout)
    assert (outputs["status"], outputs["fromCatalog"], outputs["repository"]) == ("Deleted", True, "")
    assert {each["kind"] for each in outputs["removed"]} >= {"Deployment", "HTTPRoute", "ServiceAccount"}


def test_nobody_agrees(greenroom: Greenroom, tmp_path: Path) -> None:
    """Without a terminal and without --yes nothing is done."""
    file = Documents("never-api", tmp_path).needing()
    done = greenroom("service", "apply", file)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Nobody is there to agree. Add --yes." in done.stderr
    assert "+ Deployment/never-api" in greenroom("service", "plan", file).stdout


def test_a_created_service_leaves_the_catalog_and_keeps_its_repository(
    greenroom: Greenroom, environment: dict[str, str]
) -> None:
    """Its team is known from the catalog; its name is typed on the terminal; the repository is named at the end."""
    answers = ("-s", "name=returns-api", "-s", "team=commerce", "-s", "description=Takes back")
    created = greenroom("service", "create", "python-service", *answers, "-o", "json")
    assert created.returncode == 0, created.stderr
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "greenroom", "service", "delete", "returns-api"]
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as asking:
        os.close(theirs)
        os.write(ours, b"returns-api\n")
        printed, asked = asking.communicate()
        os.close(ours)
    assert asking.returncode == 0, asked
    assert "Type returns-api to delete it" in asked
    assert "It leaves the catalog." in asked
    assert f"its repository stays: {json.loads(created.stdout)['webUrl']}" in printed
    assert 'The catalog has no service "returns-api".' in greenroom("service", "delete", "returns-api").stderr
    again = greenroom(
        "actions", "run", "greenroom:catalog:register", "-i", f"repositoryUrl={webaddress(created.stdout)}"
    )
    assert again.returncode == 0, "what was deleted can come back"


def webaddress(created: str) -> str:
    return str(json.loads(created)["repositoryUrl"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("apply", "absent.yaml"), "absent.yaml: No such file or directory."),
        (("apply", "{file}", "-e", "stagin"), 'stock-api does not run in "stagin". Did you mean "staging"?'),
        (("delete", "order-ap"), 'The catalog has no service "order-ap". Did you mean "order-api"?'),
        (("delete", "order-api", "--confirm", "order"), '"order" is not order-api. Nothing was done.'),
        (
            ("delete", "order-api", "--confirm", "order-api", "-e", "stagin"),
            'Nothing is known of an environment "stagin"',
        ),
    ],
)
def test_wrong_input_is_one_sentence(
    greenroom: Greenroom, stock: Documents, arguments: tuple[str, ...], words: str
) -> None:
    """Exit code 1, nothing on standard output, no stack trace."""
    file = stock.needing()
    done = greenroom("service", *(each.replace("{file}", file) for each in arguments))
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_document(greenroom: Greenroom, tmp_path: Path) -> None:
    """Every error with its place in the file that was given."""
    file = tmp_path / "wrong.yaml"
    file.write_text(NEW.format(name="stock-api", needed="{type: postgress}"))
    done = greenroom("service", "apply", str(file))
    assert done.returncode == 1
    assert f"{file}:8:25" in done.stdout
    assert 'Did you mean "postgresql"?' in done.stdout
