"""The job that looks again at what runs: vulnerabilities are found long after an image is built."""

from __future__ import annotations

from foundation.jsontypes import JsonObject
from foundation.service import Service
from scaffolder_actions.workload.delivery.registry import Image
from scaffolder_actions.workload.delivery.steps import action, checkout, job, run, script

# Minutes. Pulling and scanning an image of some GiB.
_SCAN = 15


def deployed_job(service: Service, image: Image) -> JsonObject:
    """Scans what each environment runs."""
    env = {
        "IMAGE": image.name,
        "ENVIRONMENT": "${{ matrix.environment }}",
        "GRYPE": "${{ steps.grype.outputs.cmd }}",
    }
    steps = [
        checkout(),
        *image.log_in("read"),
        action("Get Grype", "anchore/scan-action/download-grype", key="grype"),
        run("Scan what runs", script("scan-deployed"), env),
    ]
    return job(
        "Image in ${{ matrix.environment }}",
        steps,
        minutes=_SCAN,
        permissions={"contents": "read", **image.permissions("read")},
        strategy={"fail-fast": False, "matrix": {"environment": list(service.environments)}},
    )
