# shellcheck shell=bash
echo "tag=${PREFIX}${COMMIT::12}" >> "${GITHUB_OUTPUT}"
