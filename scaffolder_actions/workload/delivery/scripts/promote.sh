# shellcheck shell=bash
# Proposes that TARGET runs what SOURCE runs: the same digest, so the same bytes.
from="deploy/${SOURCE}/kubernetes/kustomization.yaml"
to="deploy/${TARGET}/kubernetes/kustomization.yaml"
branch="promote/${TARGET}"
version() { grep --extended-regexp '^  (newTag|digest): ' || true; }
wanted="$(version < "${from}")"
tag="$(sed --quiet "s/^  newTag: '\(.*\)'$/\1/p" "${from}")"
if [[ "${wanted}" != *"digest: "* ]]; then
  echo "${SOURCE} runs nothing that was built here yet."
  exit 0
fi
if [[ "$(version < "${to}")" == "${wanted}" ]]; then
  echo "${TARGET} runs ${tag} already."
  exit 0
fi
gh auth setup-git
# Pushed again, the same proposal would lose the approvals that it has.
if git fetch --quiet origin "${branch}" && [[ "$(git show "FETCH_HEAD:${to}" | version)" == "${wanted}" ]]; then
  echo "${tag} is proposed for ${TARGET} already."
  exit 0
fi
git config user.name "github-actions[bot]"
git config user.email "41898282+github-actions[bot]@users.noreply.github.com"
git switch --quiet --force-create "${branch}"
sed --in-place '/^  newTag: /d; /^  digest: /d' "${to}"
printf '%s\n' "${wanted}" >> "${to}"
git commit --quiet --all --message "Promote ${SERVICE} ${tag} to ${TARGET}"
git push --quiet --force origin "HEAD:${branch}"
title="Promote ${SERVICE} ${tag} to ${TARGET}"
body="${TARGET} gets the image that ${SOURCE} runs, by its digest: nothing is built anew. Merged, it is deployed."
if [[ "$(gh pr list --head "${branch}" --state open --json number --jq length)" == 0 ]]; then
  gh pr create --base "${GITHUB_REF_NAME}" --head "${branch}" --title "${title}" --body "${body}"
else
  gh pr edit "${branch}" --title "${title}" --body "${body}"
fi
