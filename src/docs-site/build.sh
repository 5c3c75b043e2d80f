#!/usr/bin/env bash
# Builds the docs site into target/docs-site/dist; a link that leads nowhere is an error. DOCS_BASE is the path it will stand under.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly from=src/docs-site to=target/docs-site
if ! command -v npm >/dev/null; then
  echo "docs: npm is missing, which builds the site. Install Node 20 or newer with npm, then run this again." >&2
  exit 1
fi
if ! { [[ -e $to/node_modules/.package-lock.json ]] && cmp -s "$from/package-lock.json" "$to/package-lock.json"; }; then
  mkdir -p "$to"
  cp "$from/package.json" "$from/package-lock.json" "$to/"
  npm ci --prefix "$to" --no-audit --no-fund --loglevel=error \
    --fetch-retries=2 --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000
fi
# The pages stand beside what builds them, because they become modules that import it.
rm -rf "$to/pages" "$to/dist" "$to/.vitepress"
mkdir "$to/pages"
cp -r docs/. "$from/index.md" "$to/pages/"
sed 's#](docs/#](#g' CHANGELOG.md >"$to/pages/changelog.md"
find "$to/pages" -name '*.md' -exec sed -E -i 's#\]\(\.\./((\.\./)*)CHANGELOG\.md#](\1changelog.md#g' {} +
# Links to the code lead to the repository where it is known, else they are words.
readonly code='(\.\./)+((src|charts|routes|schemas|\.github|README|CONTRIBUTING|LICENSE|Makefile|docker-compose|pom)[^)]*)'
if [[ -n ${GITHUB_REPOSITORY:-} ]]; then
  find "$to/pages" -name '*.md' -exec sed -E -i "s#\]\($code\)#](${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/blob/main/\2)#g" {} +
else
  find "$to/pages" -name '*.md' -exec sed -E -i "s#\[([^]]*)\]\($code\)#\1#g" {} +
fi
cp -r "$from/.vitepress" "$to/"
cd "$to"
node_modules/.bin/vitepress build .
echo "The docs site is in $to/dist; to look at it: npx --prefix $to vitepress preview $to"
