# shellcheck shell=bash
# Renders anew, at the versions that stand here: afterwards nothing may be different.
pipx install --quiet "${GREENROOM}"
greenroom service validate service.yaml
greenroom service render service.yaml --output-folder .
git add --all
if ! git diff --cached --exit-code; then
  echo "::error::The rendered files are not those of service.yaml. Run: greenroom service render service.yaml -d ."
  exit 1
fi
