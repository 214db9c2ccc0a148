# shellcheck shell=bash
# Ends with an error where something is high or critical and a fixed version is there. Exceptions stand in .grype.yaml.
"${GRYPE}" "sbom:${RUNNER_TEMP}/sbom.syft.json" --only-fixed --fail-on high
