#!/usr/bin/env bash
# Checks the workflow files with GitHub's own parser, which npm puts into target/lint. Without npm it says so and lets them pass.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly from=src/lint to=target/lint
if ! command -v npm >/dev/null; then
  echo "lint: npm is missing, so the workflows were not checked. Install Node 20 or newer with npm."
  exit 0
fi
if ! { [[ -e $to/node_modules/.package-lock.json ]] && cmp -s "$from/package-lock.json" "$to/package-lock.json"; }; then
  mkdir -p "$to"
  cp "$from/package.json" "$from/package-lock.json" "$to/"
  npm ci --prefix "$to" --no-audit --no-fund --loglevel=error \
    --fetch-retries=2 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000
fi
# beside what it imports
cp "$from/workflows.mjs" "$to/"
exec node "$to/workflows.mjs" .github/workflows
