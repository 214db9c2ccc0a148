# shellcheck shell=bash
# Ends with an error where a rule of severity ERROR finds something, and where the rules cannot be had.
pipx install --quiet "${SEMGREP}"
semgrep scan --config p/default --severity ERROR --error --metrics off --disable-version-check
