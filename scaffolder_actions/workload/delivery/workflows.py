"""The workflows of a service's repository, put together out of their jobs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from foundation.jsontypes import Json, JsonObject
from foundation.service import Service
from foundation.settings import PlatformSettings
from scaffolder_actions.workload.delivery.checking import code_job, document_job, secrets_job, test_job
from scaffolder_actions.workload.delivery.deployment import deploy_job, promote_job, promotions
from scaffolder_actions.workload.delivery.image import gate_job, image_job, publish_job, told_preview
from scaffolder_actions.workload.delivery.registry import Image, image_of
from scaffolder_actions.workload.delivery.scanning import deployed_job

MAIN = "main"
# A fork's pull request has no rights, and its label proves nothing about its code.
_IS_PREVIEW = (
    "contains(github.event.pull_request.labels.*.name, 'preview') && "
    "github.event.pull_request.head.repo.full_name == github.repository"
)
_HEAD = "${{ github.event.pull_request.head.sha }}"
_NUMBER = "${{ github.event.pull_request.number }}"


def workflows(service: Service, settings: PlatformSettings) -> dict[str, JsonObject]:
    """Workflow documents by their file name under `.github/workflows`.

    A service whose document names an image that others built has nothing to build, deploy or preview.
    """
    image = image_of(service, settings)
    found = {"delivery.yaml": _delivery(service, image, settings), "rescan.yaml": _rescan(service, image)}
    if image and promotions(service.environments):
        found["promotion.yaml"] = _promotion(service)
    if image:
        found["preview.yaml"] = _preview(image)
    return dict(sorted(found.items()))


def _delivery(service: Service, image: Image | None, settings: PlatformSettings) -> JsonObject:
    commit = "${{ github.sha }}"
    jobs: dict[str, Json] = {"document": document_job(settings), "code": code_job(), "secrets": secrets_job()}
    if image:
        jobs |= {"test": test_job(service), "image": image_job(image, commit=commit)}
    jobs["gate"] = gate_job(list(jobs))
    if image:
        on_main = f"github.event_name == 'push' && github.ref == 'refs/heads/{MAIN}'"
        jobs["publish"] = publish_job(image, commit=commit, condition=on_main)
        jobs["deploy"] = deploy_job(service, image)
        if promotions(service.environments):
            jobs["promote"] = promote_job(service, needs=["deploy"])
    # A commit that only says what runs has nothing to build.
    events: JsonObject = {"push": {"branches": [MAIN], "paths-ignore": ["deploy/**"]}, "pull_request": {}}
    return _workflow(
        "Delivery",
        events,
        jobs,
        # Commits of main are delivered one after the other, so that an older one is never the last to be deployed.
        cancel="${{ github.event_name == 'pull_request' }}",
    )


def _promotion(service: Service) -> JsonObject:
    # After a merge by a person: what the pipeline itself commits starts no workflow, so it promotes by itself.
    sources = [source for source, _ in promotions(service.environments)]
    paths: list[Json] = [f"deploy/{each}/kubernetes/kustomization.yaml" for each in sources]
    events: JsonObject = {"push": {"branches": [MAIN], "paths": paths}, "workflow_dispatch": {}}
    return _workflow("Promotion", events, {"promote": promote_job(service)})


def _preview(image: Image) -> JsonObject:
    told = told_preview(image, commit=_HEAD, number=_NUMBER)
    jobs: dict[str, Json] = {
        "secrets": secrets_job(condition=_IS_PREVIEW),
        "image": image_job(image, commit=_HEAD, prefix=f"pr-{_NUMBER}-", condition=_IS_PREVIEW),
    }
    jobs["gate"] = gate_job(list(jobs), condition=_IS_PREVIEW)
    jobs["publish"] = publish_job(image, commit=_HEAD, condition=_IS_PREVIEW, last=[told])
    return _workflow("Preview", {"pull_request": {"types": ["labeled", "synchronize"]}}, jobs, cancel=True)


def _rescan(service: Service, image: Image | None) -> JsonObject:
    jobs: dict[str, Json] = {"code": code_job(), "secrets": secrets_job()}
    if image:
        jobs["deployed"] = deployed_job(service, image)
    events: JsonObject = {"schedule": [{"cron": _weekly(service)}], "workflow_dispatch": {}}
    return _workflow("Weekly scan", events, jobs)


def _workflow(name: str, events: Mapping[str, Json], jobs: JsonObject, *, cancel: str | bool = False) -> JsonObject:
    return {
        "name": name,
        "on": events,
        "permissions": {},
        "concurrency": {"group": "${{ github.workflow }}-${{ github.ref }}", "cancel-in-progress": cancel},
        # Names `-e` and `-o pipefail`, which bash is not run with by itself.
        "defaults": {"run": {"shell": "bash"}},
        "jobs": jobs,
    }


def _weekly(service: Service) -> str:
    """A time in the night to Monday, another one for each service: all at once they would wait for one another."""
    number = int.from_bytes(hashlib.sha256(f"{service.team}/{service.name}".encode()).digest()[:4], "big")
    return f"{number % 60} {number // 60 % 6} * * 1"
