# shellcheck shell=bash
aws ecr get-login-password | docker login "${REGISTRY}" --username AWS --password-stdin
