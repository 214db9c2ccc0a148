"""The scripts of pipelines, run as GitHub's runner runs them."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from scaffolder_actions.workload.delivery.languages import test_steps as steps_of_tests
from scaffolder_actions.workload.delivery.steps import script
from tests.scaffolder_actions.delivery.conftest import Job
from tests.scaffolder_actions.delivery.pipelines import LANGUAGES, every_pipeline, service, steps

SCRIPTS = Path(__file__).parents[3] / "scaffolder_actions" / "workload" / "delivery" / "scripts"
DIGEST = "sha256:" + "1a" * 32
MakeJob = Callable[..., Job]


def test_every_script_is_bash() -> None:
    """Those that come out, put together."""
    found = {
        step["run"]
        for _, files in every_pipeline()
        for text in files.values()
        for step in steps(yaml.safe_load(text))
        if "run" in step
    }
    for each in found:
        subprocess.run(["bash", "-n", "-c", each], check=True)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("file", sorted(SCRIPTS.glob("*.sh")), ids=lambda file: file.stem)
def test_shellcheck_finds_nothing(file: Path) -> None:
    """What it knows of quoting, splitting and mistyped names."""
    ran = subprocess.run(["shellcheck", file], capture_output=True, text=True, check=False)
    assert ran.stdout == ""


def test_every_script_is_used() -> None:
    """One that nothing runs is gone."""
    every = "".join(text for _, files in every_pipeline() for text in files.values())
    for file in SCRIPTS.glob("*.sh"):
        last = file.read_text().splitlines()[-1].strip()
        assert last in every, file.name


@pytest.mark.parametrize(
    ("results", "passes"),
    [
        ({"test": "success", "image": "success"}, True),
        ({"test": "success", "image": "failure"}, False),
        ({"test": "success", "image": "skipped"}, False),
        ({"test": "cancelled", "image": "success"}, False),
    ],
)
def test_the_gate_passes_what_passed_everywhere(make_job: MakeJob, results: dict[str, str], *, passes: bool) -> None:
    """And says on the page of the run how each job fared."""
    job = make_job()
    needs = json.dumps({name: {"result": result, "outputs": {}} for name, result in results.items()})
    ran = job.run(script("pass-gate"), NEEDS=needs)
    assert (ran.returncode == 0) is passes
    assert ran.stdout.splitlines() == [f"{name}: {result}" for name, result in results.items()]


def test_provenance_says_which_run_built_which_commit(make_job: MakeJob) -> None:
    """By SLSA's predicate, https://slsa.dev/provenance/v1, with every field that it requires."""
    job = make_job()
    assert job.run(script("write-provenance"), COMMIT="c0ffee").returncode == 0
    made = json.loads((Path(job.environment["RUNNER_TEMP"]) / "provenance.json").read_text())
    repository = "https://github.com/acme/order-api"
    assert made["buildDefinition"]["externalParameters"] == {
        "workflow": {"ref": "refs/heads/main", "repository": repository, "path": ".github/workflows/delivery.yaml"}
    }
    assert made["buildDefinition"]["resolvedDependencies"] == [
        {"uri": f"git+{repository}@refs/heads/main", "digest": {"gitCommit": "c0ffee"}}
    ]
    assert made["runDetails"] == {
        "builder": {"id": f"{repository}/.github/workflows/delivery.yaml@refs/heads/main"},
        "metadata": {"invocationId": f"{repository}/actions/runs/100/attempts/2"},
    }
    assert made["buildDefinition"]["buildType"] == "https://actions.github.io/buildtypes/workflow/v1"
    assert made["buildDefinition"]["internalParameters"]["github"]["event_name"] == "push"


@pytest.mark.parametrize(("pushed", "code"), [(DIGEST, 0), ("sha256:" + "2b" * 32, 1)])
def test_what_is_pushed_has_the_digest_that_was_scanned(make_job: MakeJob, pushed: str, code: int) -> None:
    """A registry that changed it would be found out here."""
    job = make_job()
    job.pretend("skopeo", f'printf %s {pushed} > "$4"')
    ran = job.run(script("push"), IMAGE="ghcr.io/acme/order-api", TAG="1a2b", DIGEST=DIGEST)
    assert ran.returncode == code
    temporary = job.environment["RUNNER_TEMP"]
    assert job.called[-1] == (
        f"skopeo copy --preserve-digests --digestfile {temporary}/digest "
        f"oci-archive:{temporary}/image/image.tar docker://ghcr.io/acme/order-api:1a2b"
    )


def test_signs_and_attests_the_digest(make_job: MakeJob) -> None:
    """The signature, the contents and the provenance are of the same bytes; a tag may move."""
    job = make_job()
    job.pretend("cosign")
    assert job.run(script("sign"), IMAGE="ghcr.io/acme/order-api", DIGEST=DIGEST).returncode == 0
    assert [line.rpartition(" ")[2] for line in job.called] == [f"ghcr.io/acme/order-api@{DIGEST}"] * 3


def test_a_password_is_no_argument(make_job: MakeJob) -> None:
    """Every process of a machine can read another's arguments."""
    job = make_job()
    job.pretend("docker", 'cat > "$(dirname "$0")/password"')
    ran = job.run(script("log-in"), REGISTRY="ghcr.io", LOGIN="ann", PASSWORD="canary")
    assert ran.returncode == 0
    assert (job.programs / "password").read_text() == "canary\n"
    assert "canary" not in "".join(job.called) + ran.stdout + ran.stderr


@pytest.mark.parametrize("known", [False, True])
def test_a_repository_at_aws_is_made_once_and_tagged(make_job: MakeJob, *, known: bool) -> None:
    """With whose it is, as all that costs money."""
    job = make_job()
    job.pretend("aws", "true" if known else '[[ "$*" != *describe* ]]')
    env = {"REPOSITORY": "commerce/order-api", "TEAM": "commerce", "SERVICE": "order-api"}
    assert job.run(script("make-ecr-repository"), **env).returncode == 0
    made = [line for line in job.called if "create-repository" in line]
    assert len(made) == int(not known)
    assert all("--tags Key=team,Value=commerce Key=service,Value=order-api" in line for line in made)


def test_a_version_is_named_by_its_commit(make_job: MakeJob) -> None:
    """By as much of it as people compare, behind what tells previews apart."""
    job = make_job()
    for prefix in ("", "pr-7-"):
        job.run(script("name-version"), PREFIX=prefix, COMMIT="0123456789abcdef0123456789abcdef01234567")
    output = Path(job.environment["GITHUB_OUTPUT"]).read_text()
    assert output == "tag=0123456789ab\ntag=pr-7-0123456789ab\n"


@pytest.mark.parametrize(("language", "framework"), LANGUAGES)
def test_the_teams_own_targets_come_first(make_job: MakeJob, language: str | None, framework: str | None) -> None:
    """Whatever the language: where there is a `make test`, that is how tests are run."""
    given = {name: value for name, value in (("language", language), ("framework", framework)) if value}
    job = make_job(**given)
    (job.root / "Makefile").write_text("lint:\n\t@echo linted\ntest:\n\t@echo tested\n")
    ran = job.run(str(steps_of_tests(service(**given))[-1]["run"]))
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.split() == (
        ["linted", "tested"] if language in {"python", "typescript", "go", "java"} else ["tested"]
    )


@pytest.mark.parametrize(
    ("language", "framework", "files", "called"),
    [
        ("python", "fastapi", {"pyproject.toml": ""}, ["pip install --quiet --editable .[test]", "pytest"]),
        ("python", "flask", {}, ["pip install --quiet --requirement requirements.txt pytest", "pytest"]),
        ("python", "django", {}, ["pip install --quiet --requirement requirements.txt", "manage.py test"]),
    ],
)
def test_python_is_tested_by_its_own_tools(
    make_job: MakeJob, language: str, framework: str, files: dict[str, str], called: list[str]
) -> None:
    """Where there is no Makefile; Django finds its tests itself."""
    job = make_job()
    job.pretend("python")
    for name, text in files.items():
        (job.root / name).write_text(text)
    assert job.run(str(steps_of_tests(service(language=language, framework=framework))[-1]["run"])).returncode == 0
    assert [line.removeprefix("python ").removeprefix("-m ") for line in job.called] == called


@pytest.mark.parametrize(
    ("lock", "called"),
    [
        ("package-lock.json", ["npm ci", "npm run build", "npm run test"]),
        ("yarn.lock", ["corepack enable", "yarn install --immutable", "yarn run build", "yarn run test"]),
        ("pnpm-lock.yaml", ["corepack enable", "pnpm install --frozen-lockfile", "pnpm run build", "pnpm run test"]),
    ],
)
def test_node_is_tested_by_the_package_manager_that_locked_it(make_job: MakeJob, lock: str, called: list[str]) -> None:
    """As it was locked; what the package has of lint and build goes ahead of its tests."""
    job = make_job()
    for program in ("npm", "yarn", "pnpm", "corepack"):
        job.pretend(program)
    (job.root / lock).touch()
    (job.root / "package.json").write_text(json.dumps({"scripts": {"build": "tsc", "test": "vitest"}}))
    assert job.run(str(steps_of_tests(service(language="typescript"))[-1]["run"])).returncode == 0
    assert job.called == called
