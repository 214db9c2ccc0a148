# shellcheck shell=bash
# Signed as this workflow, by the run's own identity: there is no key to keep or to lose.
cosign sign --yes "${IMAGE}@${DIGEST}"
cosign attest --yes --type cyclonedx --predicate "${RUNNER_TEMP}/image/sbom.cdx.json" "${IMAGE}@${DIGEST}"
cosign attest --yes --type slsaprovenance1 --predicate "${RUNNER_TEMP}/provenance.json" "${IMAGE}@${DIGEST}"
