# shellcheck shell=bash
docker login "${REGISTRY}" --username "${LOGIN}" --password-stdin <<< "${PASSWORD}"
