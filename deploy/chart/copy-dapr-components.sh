#!/usr/bin/env bash
# Copies dapr-components/ into the chart, for Helm reads nothing outside it. The rig's own manifests stay out.
# deploy/test proves the copy equal.
set -euo pipefail
chart="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
source="$chart/../../dapr-components"
copy="$chart/files/dapr-components"

rm -rf "$copy"
mkdir -p "$copy/auth"
for file in "$source"/*.yaml; do
  [ "$(basename "$file")" = configuration-local.yaml ] || cp "$file" "$copy/"
done
cp "$source/auth/azure.yaml" "$copy/auth/"
