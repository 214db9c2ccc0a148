"""The jobs from code to an image in the registry: built and scanned without any right, pushed and signed behind the gate."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.jsontypes import JsonObject
from scaffolder_actions.workload.delivery.pins import pins
from scaffolder_actions.workload.delivery.registry import Image
from scaffolder_actions.workload.delivery.steps import action, checkout, job, run, script

# Minutes. A build without any cache of a large service, and a push of some GiB.
_BUILD = 30
_PUBLISH = 15
_GATE = 5
# The archive, the list of its contents: by these they travel from the job that builds to the one that pushes.
_ARTIFACT = "image"
_FOLDER = "${{ runner.temp }}/image"
_DIGEST = "${{ needs.image.outputs.digest }}"
_TAG = "${{ needs.image.outputs.tag }}"


def image_job(image: Image, *, commit: str, prefix: str = "", condition: str | None = None) -> JsonObject:
    """Builds the image of `commit` into an archive, lists what is in it and scans that. Nothing is pushed.

    Its outputs are `digest` and `tag`, the beginning of the commit behind `prefix`. Both are expressions.
    """
    archive: JsonObject = {
        "context": ".",
        "outputs": f"type=oci,dest={_FOLDER}/image.tar",
        "labels": f"org.opencontainers.image.revision={commit}\n"
        "org.opencontainers.image.source=${{ github.server_url }}/${{ github.repository }}\n",
        # Both are made outside of the build, where the build cannot write them itself.
        "provenance": False,
        "sbom": False,
        "cache-from": "type=gha",
        "cache-to": "type=gha,mode=max",
    }
    steps = [
        checkout(ref=commit),
        run("Name the version", script("name-version"), {"PREFIX": prefix, "COMMIT": commit}, key="version"),
        action("Set up Buildx", "docker/setup-buildx-action"),
        run("Make room for the archive", 'mkdir "${RUNNER_TEMP}/image"\n'),
        action("Build", "docker/build-push-action", archive, key="build"),
        action("Get Syft", "anchore/sbom-action/download-syft", key="syft"),
        run(
            "List what is in the image",
            script("list-contents"),
            {
                "IMAGE": image.name,
                "DIGEST": "${{ steps.build.outputs.digest }}",
                "SYFT": "${{ steps.syft.outputs.cmd }}",
            },
        ),
        action("Get Grype", "anchore/scan-action/download-grype", key="grype"),
        run("Scan for vulnerabilities", script("scan-image"), {"GRYPE": "${{ steps.grype.outputs.cmd }}"}),
        action(
            "Keep the archive",
            "actions/upload-artifact",
            {
                "name": _ARTIFACT,
                "path": _FOLDER,
                # It is compressed already, and wanted for as long as the run lasts.
                "compression-level": 0,
                "retention-days": 1,
                "if-no-files-found": "error",
            },
        ),
    ]
    outputs: JsonObject = {"digest": "${{ steps.build.outputs.digest }}", "tag": "${{ steps.version.outputs.tag }}"}
    return job("Image", steps, minutes=_BUILD, permissions={"contents": "read"}, condition=condition, outputs=outputs)


def gate_job(needs: Sequence[str], *, condition: str | None = None) -> JsonObject:
    """Passes when each of `needs` has; the one check that a rule of the repository has to ask for."""
    always = f"always() && {condition}" if condition else "always()"
    steps = [run("Pass only what passed everywhere", script("pass-gate"), {"NEEDS": "${{ toJSON(needs) }}"})]
    return job("Gate", steps, minutes=_GATE, permissions={}, needs=needs, condition=f"${{{{ {always} }}}}")


def publish_job(image: Image, *, commit: str, condition: str, last: Sequence[JsonObject] = ()) -> JsonObject:
    """Pushes the archive that passed the gate, signs it, and attests what is in it and where it comes from."""
    named = {"IMAGE": image.name, "DIGEST": _DIGEST}
    cosign: JsonObject = {"cosign-release": pins().tools["cosign"]}
    steps = [
        action("Take the archive", "actions/download-artifact", {"name": _ARTIFACT, "path": _FOLDER}),
        *image.log_in("write"),
        run("Push", script("push"), {**named, "TAG": _TAG}),
        action("Get Cosign", "sigstore/cosign-installer", cosign),
        run("Write the provenance", script("write-provenance"), {"COMMIT": commit}),
        run("Sign and attest", script("sign"), named),
        *last,
    ]
    permissions = {"id-token": "write", **image.permissions("write")}
    needs = ("image", "gate")
    return job("Publish", steps, minutes=_PUBLISH, permissions=permissions, needs=needs, condition=condition)


def told_preview(image: Image, *, commit: str, number: str) -> JsonObject:
    """A step that says, on the page of the run, which image the pull request has."""
    env = {"IMAGE": image.name, "TAG": _TAG, "DIGEST": _DIGEST, "COMMIT": commit, "NUMBER": number}
    return run("Say which image it is", script("tell-preview"), env)
