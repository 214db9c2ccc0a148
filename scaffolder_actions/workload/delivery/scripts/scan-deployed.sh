# shellcheck shell=bash
# Looks at what ENVIRONMENT runs with what is known today.
digest="$(sed --quiet 's/^  digest: //p' "deploy/${ENVIRONMENT}/kubernetes/kustomization.yaml")"
if [[ -z "${digest}" ]]; then
  echo "${ENVIRONMENT} runs nothing that was built here yet."
  exit 0
fi
"${GRYPE}" "registry:${IMAGE}@${digest}" --only-fixed --fail-on high
