# shellcheck shell=bash
manager=npm
if [[ -f pnpm-lock.yaml ]]; then
  manager=pnpm
elif [[ -f yarn.lock ]]; then
  manager=yarn
fi
case "${manager}" in
  npm) npm ci ;;
  pnpm) corepack enable && pnpm install --frozen-lockfile ;;
  yarn) corepack enable && yarn install --immutable ;;
esac
for name in lint build; do
  if jq --exit-status --arg name "${name}" '.scripts[$name]' package.json > /dev/null; then
    "${manager}" run "${name}"
  fi
done
"${manager}" run test
