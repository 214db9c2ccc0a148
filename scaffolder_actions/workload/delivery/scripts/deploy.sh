# shellcheck shell=bash
# Commits which version ENVIRONMENT is to run; what follows the repository there does the rest.
file="deploy/${ENVIRONMENT}/kubernetes/kustomization.yaml"
gh auth setup-git
git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
# Others push too; three times in the seconds between these lines is more than happens.
for _ in 1 2 3; do
  git fetch --quiet origin "${GITHUB_REF_NAME}"
  git reset --quiet --hard FETCH_HEAD
  # The version is the last thing in that file.
  sed --in-place '/^  newTag: /d; /^  digest: /d' "${file}"
  printf "  newTag: '%s'\n  digest: %s\n" "${TAG}" "${DIGEST}" >> "${file}"
  if git diff --quiet; then
    echo "${ENVIRONMENT} runs ${TAG} already."
    exit 0
  fi
  git commit --quiet --all --message "Deploy ${SERVICE} ${TAG} to ${ENVIRONMENT}"
  if git push --quiet origin "HEAD:${GITHUB_REF_NAME}"; then
    echo "${ENVIRONMENT} runs ${IMAGE}:${TAG}@${DIGEST} from this commit on." | tee --append "${GITHUB_STEP_SUMMARY}"
    exit 0
  fi
done
echo "::error::The version cannot be pushed to ${GITHUB_REF_NAME}. Does a rule of the repository forbid it to this workflow?"
exit 1
