#!/usr/bin/env bash
# Checks deploy/infra as far as tools can here: format, syntax, lint; and the configuration as a whole where its provider
# can be had. Builds OpenTofu and TFLint from their Go modules (tools/) where they are missing.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"

case "${1:-}" in
  "") ;;
  *) echo "Usage: deploy/infra/check.sh    (takes no argument)" >&2; exit 2 ;;
esac

# built <tool>: the path of the tool, built into the user's cache folder under the checksum of its module's files.
built() {
  local tool="$1" module="$here/tools/$1" cache path
  cache="$(node "$root/bench/dist/main.js" cache-dir)/tools"
  path="$cache/$tool-$(cat "$module/go.mod" "$module/go.sum" | git hash-object --stdin | cut -c1-16)"
  if [ ! -x "$path" ]; then
    command -v go >/dev/null 2>&1 || {
      echo "error: $tool is not on your PATH, nor go to build it with: install one of them" >&2
      exit 2
    }
    echo "building $tool (some minutes, once)" >&2
    mkdir -p "$cache"
    # Beside its place first, so that a build that was broken off leaves nothing that looks whole.
    (cd "$module" && CGO_ENABLED=0 GOFLAGS="-trimpath -buildvcs=false -mod=readonly" \
      go build -ldflags "-s -w" -o "$path.new" "$(sed -n 's/^tool //p' go.mod)")
    mv "$path.new" "$path"
  fi
  echo "$path"
}

# program <name>...: the first of them on the PATH, else the last of them, built.
program() {
  local name
  for name in "$@"; do
    command -v "$name" && return
  done
  built "$name"
}

terraform="$(program terraform tofu)"
tflint="$(program tflint)"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
cp "$here"/*.tf "$scratch"
cd "$scratch"

echo "format: $terraform fmt"
"$terraform" fmt -check -diff "$here"

echo "lint: $tflint"
"$tflint" --chdir="$here"

echo "configuration: $terraform validate"
if "$terraform" init -backend=false -input=false -no-color >init.log 2>&1; then
  "$terraform" validate -no-color
elif tr -s '[:space:]' ' ' <init.log | grep -q 'could not connect to registry'; then
  echo "not validated: the provider azurerm can't be had here (parsed and linted only)"
else
  cat init.log >&2
  exit 1
fi
