# shellcheck shell=bash
{
  echo "The image of pull request ${NUMBER} at ${COMMIT}, which a preview environment of it runs:"
  echo
  echo "    ${IMAGE}:${TAG}@${DIGEST}"
} >> "${GITHUB_STEP_SUMMARY}"
