# shellcheck shell=bash
# What was scanned is what is pushed, byte by byte.
skopeo copy --preserve-digests --digestfile "${RUNNER_TEMP}/digest" \
  "oci-archive:${RUNNER_TEMP}/image/image.tar" "docker://${IMAGE}:${TAG}"
test "$(cat "${RUNNER_TEMP}/digest")" = "${DIGEST}"
