# shellcheck shell=bash
# All of the history: what was once pushed is known, also when a later commit took it away.
go run "${GITLEAKS}" git --no-banner --redact --verbose .
