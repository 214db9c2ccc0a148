"""The jobs that bring an image into environments, through Git alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from foundation.jsontypes import JsonObject
from foundation.service import Service
from scaffolder_actions.workload.delivery.registry import Image
from scaffolder_actions.workload.delivery.steps import checkout, job, run, script

# Minutes. Some commands of git.
_COMMIT = 5


def deploy_job(service: Service, image: Image) -> JsonObject:
    """Commits the published image as the version of the service's first environment."""
    env = {
        "SERVICE": service.name,
        "ENVIRONMENT": service.environments[0],
        "IMAGE": image.name,
        "TAG": "${{ needs.image.outputs.tag }}",
        "DIGEST": "${{ needs.image.outputs.digest }}",
        "GH_TOKEN": "${{ github.token }}",
    }
    steps = [checkout(ref="${{ github.ref_name }}"), run("Commit the version", script("deploy"), env)]
    name = f"Deploy to {service.environments[0]}"
    return job(name, steps, minutes=_COMMIT, permissions={"contents": "write"}, needs=("image", "publish"))


def promotions(environments: Sequence[str]) -> Sequence[tuple[str, str]]:
    """From where to where a version is promoted: each environment runs what the one before it has run."""
    return list(pairwise(environments))


def promote_job(service: Service, *, needs: Sequence[str] = ()) -> JsonObject:
    """Proposes, for each environment but the first, what the one before it runs."""
    pairs = [{"source": source, "target": target} for source, target in promotions(service.environments)]
    env = {
        "SERVICE": service.name,
        "SOURCE": "${{ matrix.source }}",
        "TARGET": "${{ matrix.target }}",
        "GH_TOKEN": "${{ github.token }}",
    }
    return job(
        "Promote to ${{ matrix.target }}",
        [checkout(ref="${{ github.ref_name }}"), run("Propose the version", script("promote"), env)],
        minutes=_COMMIT,
        permissions={"contents": "write", "pull-requests": "write"},
        needs=needs,
        # Two workflows have this job.
        concurrency={"group": "promote-to-${{ matrix.target }}", "cancel-in-progress": False},
        strategy={"fail-fast": False, "matrix": {"include": pairs}},
    )
