#!/usr/bin/env bash
# Puts Azurite, the blob store of `make run` and of the tests, into target/azurite. Does nothing when it is there.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly from=src/azurite to=target/azurite
if [[ -e $to/node_modules/.package-lock.json ]] && cmp -s "$from/package-lock.json" "$to/package-lock.json"; then
  exit 0
fi
if ! command -v npm >/dev/null; then
  echo "azurite: npm is missing, which installs it. Install Node 18 or newer with npm, then run this again." >&2
  exit 1
fi
echo "Installing Azurite, the blob store, into $to (190 MB, once)."
mkdir -p "$to"
cp "$from/package.json" "$from/package-lock.json" "$to/"
# an offline machine must not wait for minutes
if ! npm ci --prefix "$to" --no-audit --no-fund --loglevel=error \
  --fetch-retries=2 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000; then
  echo "azurite: npm could not install it. Everything else works without; try again with 'make azurite'." >&2
  exit 1
fi
