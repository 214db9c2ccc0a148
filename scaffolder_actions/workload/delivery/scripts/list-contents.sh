# shellcheck shell=bash
# Named by its digest, the list of contents belongs to this image and to no other.
"${SYFT}" scan "oci-archive:${RUNNER_TEMP}/image/image.tar" --source-name "${IMAGE}" --source-version "${DIGEST}" \
  --output "cyclonedx-json=${RUNNER_TEMP}/image/sbom.cdx.json" --output "syft-json=${RUNNER_TEMP}/sbom.syft.json"
