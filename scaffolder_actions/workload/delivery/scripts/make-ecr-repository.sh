# shellcheck shell=bash
# ECR makes no repository by itself.
if ! aws ecr describe-repositories --repository-names "${REPOSITORY}" > /dev/null 2>&1; then
  aws ecr create-repository --repository-name "${REPOSITORY}" --image-scanning-configuration scanOnPush=true \
    --tags "Key=team,Value=${TEAM}" "Key=service,Value=${SERVICE}"
fi
