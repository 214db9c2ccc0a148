"""What every pipeline promises: nothing is pushed ahead of the gate, nobody has a right that is not needed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings

from foundation.service import Service, load_service
from foundation.settings import PlatformSettings
from scaffolder_actions.workload.delivery import workflows
from scaffolder_actions.workload.delivery.pins import pins
from tests.judges.documents import service_documents, service_of, services
from tests.scaffolder_actions.delivery.pipelines import (
    ECR,
    LANGUAGES,
    REGISTRIES,
    of_kind,
    parsed,
    service,
    steps,
    texts,
)

# What takes something out of the run: into a registry, a repository, a transparency log.
LEAVES = re.compile(r"\bskopeo copy|\bdocker push|\bcosign (sign|attest)|\bgit push|\bgh pr (create|edit)")


def ahead_of(jobs: Mapping[str, Any], name: str) -> set[str]:
    """Every job that `name` waits for, by however many others."""
    needs = set(jobs[name].get("needs", []))
    return needs.union(*(ahead_of(jobs, each) for each in needs))


def leaving(jobs: Mapping[str, Any]) -> set[str]:
    return {name for name, job in jobs.items() if any(LEAVES.search(step.get("run", "")) for step in job["steps"])}


@pytest.mark.parametrize("registry", REGISTRIES)
@pytest.mark.parametrize("name", ["delivery.yaml", "preview.yaml"])
def test_nothing_leaves_ahead_of_the_gate(name: str, registry: str) -> None:
    """Each job that pushes, signs or commits waits for the gate, and the gate for every job that looks."""
    jobs = parsed(service(), registry)[name]["jobs"]
    out = leaving(jobs)
    assert "publish" in out
    for each in out:
        assert "gate" in ahead_of(jobs, each)
    assert set(jobs["gate"]["needs"]) == jobs.keys() - out - {"gate"}


def test_what_is_built_is_looked_at_from_every_side() -> None:
    """Tests, code, secrets, the list of contents, vulnerabilities; on a pull request just so."""
    jobs = parsed(service(language="python"))["delivery.yaml"]["jobs"]
    assert set(jobs["gate"]["needs"]) == {"document", "test", "code", "secrets", "image"}
    names = [step["name"] for step in jobs["image"]["steps"]]
    assert names.index("Build") < names.index("List what is in the image") < names.index("Scan for vulnerabilities")
    assert names[-1] == "Keep the archive"


def test_what_was_scanned_is_what_is_pushed() -> None:
    """The archive is built once, into a file, and pushed from there; nobody builds it again."""
    for workflow in parsed(service()).values():
        building = [step for step in steps(workflow) if "build-push-action" in step.get("uses", "")]
        assert len(building) <= 1
        for step in building:
            assert step["with"]["outputs"] == "type=oci,dest=${{ runner.temp }}/image/image.tar"
            assert "push" not in step["with"]


def test_the_gate_does_not_take_skipped_for_passed() -> None:
    """GitHub counts a required check that was skipped as passed, so the gate runs whatever happened."""
    for name in ("delivery.yaml", "preview.yaml"):
        assert parsed(service())[name]["jobs"]["gate"]["if"].startswith("${{ always()")


def test_only_what_is_on_main_is_published_and_deployed() -> None:
    """A pull request passes the gate and goes no further."""
    jobs = parsed(service())["delivery.yaml"]["jobs"]
    assert jobs["publish"]["if"] == "github.event_name == 'push' && github.ref == 'refs/heads/main'"
    for name in ("deploy", "promote"):
        assert "publish" in ahead_of(jobs, name)


def test_a_preview_is_of_this_repository_and_labelled() -> None:
    """A fork's pull request gets none, whoever labels it; every job says so, also the one that always runs."""
    workflow = parsed(service())["preview.yaml"]
    assert list(workflow["on"]) == ["pull_request"]
    for job in workflow["jobs"].values():
        assert "contains(github.event.pull_request.labels.*.name, 'preview')" in job["if"]
        assert "github.event.pull_request.head.repo.full_name == github.repository" in job["if"]
    version = next(step for step in workflow["jobs"]["image"]["steps"] if step.get("id") == "version")
    assert version["env"] == {
        "PREFIX": "pr-${{ github.event.pull_request.number }}-",
        "COMMIT": "${{ github.event.pull_request.head.sha }}",
    }


def test_jobs_that_run_the_teams_code_have_no_rights() -> None:
    """A test or a Dockerfile can do what its job can: so that is to read."""
    for workflow in parsed(service()).values():
        for name, job in workflow["jobs"].items():
            if name in {"document", "test", "code", "secrets", "image"}:
                assert job["permissions"] == {"contents": "read"}


@pytest.mark.parametrize(
    ("registry", "expected"),
    [
        ("ghcr.io/acme", {"id-token": "write", "packages": "write"}),
        (ECR, {"id-token": "write"}),
        ("registry.example.com", {"id-token": "write"}),
    ],
)
def test_publishing_has_the_rights_of_its_registry(registry: str, expected: dict[str, str]) -> None:
    """GitHub's by the job's token, AWS' by the run's identity, others by a password of the organisation."""
    made = parsed(service(), registry)
    assert made["delivery.yaml"]["jobs"]["publish"]["permissions"] == expected
    text = texts(service(), registry)["delivery.yaml"]
    assert ("configure-aws-credentials" in text) == (registry == ECR)
    assert ("secrets.REGISTRY_PASSWORD" in text) == (registry == "registry.example.com")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(services())
def test_whatever_the_document_it_is_pinned_bounded_and_free_of_expressions(of: Service) -> None:
    """Each action by a commit that is known here; each job with an end; no script with an expression in it."""
    known = {pins().uses(each) for each in pins().actions}
    for workflow in parsed(of).values():
        assert workflow["permissions"] == {}
        assert workflow["concurrency"]["group"]
        for job in workflow["jobs"].values():
            assert job["runs-on"] == "ubuntu-24.04"
            assert 0 < int(job["timeout-minutes"]) <= 30
            assert "permissions" in job
        for step in steps(workflow):
            assert step.get("uses", next(iter(known))) in known
            assert "${{" not in step.get("run", "")
            if "actions/checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] == "false"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(service_documents())
def test_the_same_document_gives_the_same_pipelines(document: dict[str, Any]) -> None:
    """Byte by byte."""
    assert texts(service_of(document)) == texts(service_of(document))


def test_every_commit_has_its_version_behind_it() -> None:
    """People read versions; and what moves pins on reads them there."""
    for text in texts(service(language="go"), ECR).values():
        for line in text.splitlines():
            if "uses: " in line:
                assert re.search(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line)


def test_every_right_has_its_reason_behind_it() -> None:
    """Nobody gives a right away that has one."""
    for text in texts(service()).values():
        for line in text.splitlines():
            if re.search(r"^ +[a-z-]+: (read|write)\b", line):
                assert " # to " in line


def test_every_pin_is_used() -> None:
    """What nothing uses is looked after for nothing."""
    used = set()
    for language, framework in LANGUAGES:
        given = {name: value for name, value in (("language", language), ("framework", framework)) if value}
        for registry in REGISTRIES:
            used |= {
                step["uses"]
                for each in parsed(service(**given), registry).values()
                for step in steps(each)
                if "uses" in step
            }
    assert used == {pins().uses(each) for each in pins().actions}


def test_the_first_environment_is_deployed_and_the_others_are_promoted_to() -> None:
    """In the order of the document, each from the one before it."""
    made = parsed(service(environments=["development", "staging", "production"]))
    deploy, promote = (made["delivery.yaml"]["jobs"][each] for each in ("deploy", "promote"))
    assert deploy["steps"][-1]["env"]["ENVIRONMENT"] == "development"
    assert promote["strategy"]["matrix"]["include"] == [
        {"source": "development", "target": "staging"},
        {"source": "staging", "target": "production"},
    ]
    assert made["promotion.yaml"]["on"]["push"]["paths"] == [
        "deploy/development/kubernetes/kustomization.yaml",
        "deploy/staging/kubernetes/kustomization.yaml",
    ]


def test_a_commit_that_deploys_is_not_delivered_again() -> None:
    """What stands in deploy/ says what runs; built from it again, each version would bring forth another."""
    assert parsed(service())["delivery.yaml"]["on"]["push"]["paths-ignore"] == ["deploy/**"]


def test_with_one_environment_there_is_nothing_to_promote() -> None:
    """Nor with an image that others built anything to build."""
    assert sorted(parsed(service(environments=["production"]))) == ["delivery.yaml", "preview.yaml", "rescan.yaml"]
    others = parsed(service(image="docker.io/library/nginx:1.29"))
    assert sorted(others) == ["delivery.yaml", "rescan.yaml"]
    assert set(others["delivery.yaml"]["jobs"]) == {"document", "code", "secrets", "gate"}


def test_an_image_of_the_teams_own_name_is_built_under_it() -> None:
    """The document's image without a tag is the one that the pipeline makes."""
    publishing = parsed(service(image=f"{ECR}/orders"))["delivery.yaml"]["jobs"]["publish"]["steps"]
    assert next(step for step in publishing if step["name"] == "Push")["env"]["IMAGE"] == f"{ECR}/orders"
    assert any("configure-aws-credentials" in step.get("uses", "") for step in publishing)


def test_services_are_scanned_at_different_times() -> None:
    """A week has one night to Monday; all repositories of a company share its runners."""
    crons = {parsed(named(each))["rescan.yaml"]["on"]["schedule"][0]["cron"] for each in range(50)}
    assert len(crons) > 40


def named(number: int) -> Service:
    document = f"apiVersion: platform.company.com/v1\nkind: Service\nmetadata: {{name: service-{number}, team: a}}\n"
    return load_service(document, "service.yaml", PlatformSettings())


@pytest.mark.parametrize("kind", ["web", "worker", "job"])
def test_every_type_of_service_is_delivered_alike(kind: str) -> None:
    """There is one way into production."""
    assert set(workflows(of_kind(kind), PlatformSettings())) == {
        "delivery.yaml",
        "preview.yaml",
        "promotion.yaml",
        "rescan.yaml",
    }


def test_the_command_renders_as_the_platform_does() -> None:
    """It is told each setting that is not the default; and of releases of the platform's own, where they are."""
    ours = PlatformSettings(public_domain="acme.example", command_package="acme-greenroom==3.1")
    document = cast("Any", workflows(service(), ours)["delivery.yaml"]["jobs"])["document"]
    assert document["steps"][-1]["env"] == {
        "GREENROOM": "acme-greenroom==3.1",
        "GREENROOM_PLATFORM_PUBLIC_DOMAIN": "acme.example",
        "GREENROOM_PLATFORM_COMMAND_PACKAGE": "acme-greenroom==3.1",
    }
