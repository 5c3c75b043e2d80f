#!/usr/bin/env bash
# Passes Maven's output on without the lines nobody reads; of fetched files it says how many, now and then.
set -euo pipefail
fetched=0
while IFS= read -r line; do
  case $line in
    *Downloaded\ from\ *)
      fetched=$((fetched + 1))
      if ((fetched % 100 == 0)); then echo "[INFO] $fetched files fetched"; fi
      ;;
    *Downloading\ from\ * | Progress\ * | '[INFO] Copying '* | *' already exists in destination.') ;;
    '[INFO] Rule '* | '[INFO] Skipping '* | '[INFO] ' | '[INFO]') ;;
    *) printf '%s\n' "$line" ;;
  esac
done
