# shellcheck shell=bash
# A job that was skipped has not passed, which is why this one always runs and looks for itself.
jq --raw-output 'to_entries[] | "\(.key): \(.value.result)"' <<< "${NEEDS}" | tee --append "${GITHUB_STEP_SUMMARY}"
jq --exit-status 'all(.[]; .result == "success")' <<< "${NEEDS}" > /dev/null
