#!/usr/bin/env bash
# Checks deploy/infra by the tools that are on the PATH: format, lint, and the configuration as a whole where its provider can
# be had. What could not be checked is said.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"

case "${1:-}" in
  "") ;;
  *) echo "Usage: deploy/infra/check.sh    (takes no argument)" >&2; exit 2 ;;
esac

terraform="$(command -v terraform || command -v tofu || true)"
if [ -z "$terraform" ]; then
  echo "no terraform or tofu here: deploy/infra was not checked (https://opentofu.org/docs/intro/install)"
  exit 0
fi
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
cp "$here"/*.tf "$scratch"
cd "$scratch"

echo "format: $terraform fmt"
"$terraform" fmt -check -diff "$here"

if command -v tflint >/dev/null 2>&1; then
  echo "lint: tflint"
  tflint --chdir="$here"
else
  echo "no tflint here: deploy/infra was not linted"
fi

echo "configuration: $terraform validate"
if "$terraform" init -backend=false -input=false -no-color >init.log 2>&1; then
  "$terraform" validate -no-color
elif tr -s '[:space:]' ' ' <init.log | grep -q 'could not connect to registry'; then
  echo "not validated: the provider azurerm can't be had here (parsed and linted only)"
else
  cat init.log >&2
  exit 1
fi
