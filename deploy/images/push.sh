#!/usr/bin/env bash
# Builds the contenders' images, pushes them to the registry of deploy/infra, tagged by commit, and writes their digests
# into values files for the chart.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: deploy/images/push.sh [--dry-run]

Pushes order-bench/spin, spin-current and spin-rust (Spin artifacts, the same for every processor) and order-bench/express,
express-fetch, null, warp-rust and warp-rust-static (images for amd64 and arm64), tagged by commit, and writes deploy/values/image-<contender>.yaml for the chart.
The work tree must be as committed.

  --dry-run   print the commands and run none

Environment:
  TERRAFORM   terraform or tofu; default: whichever is there
USAGE
}

dry_run=
case "${1:-}" in
  "") ;;
  --dry-run) dry_run=yes ;;
  -h | --help) usage; exit 0 ;;
  *) echo "error: push.sh takes no argument $1; see --help" >&2; exit 2 ;;
esac

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
deploy="$(dirname "$here")"
root="$(dirname "$deploy")"
infra="$deploy/infra"
builder=order-bench

# shellcheck source=../terraform.sh
. "$deploy/terraform.sh"

# Runs a command, or prints it so that it could be pasted.
run() {
  if [ -n "$dry_run" ]; then
    printf '%q ' "$@"
    echo
  else
    "$@"
  fi
}

# need <program> <how to get it>
need() {
  command -v "$1" >/dev/null 2>&1 || {
    echo "error: $1 is not on your PATH: $2" >&2
    exit 2
  }
}

# write_values <contender> <runtime> <digest>: what the chart's release of this contender pulls, and what runs it.
write_values() {
  local contender="$1" runtime="$2" digest="$3"
  if ! [[ "$digest" =~ ^sha256:[0-9a-f]{64}$ ]]; then
    echo "error: the push of $contender told no digest (\"$digest\"), so nothing says what the cluster would run" >&2
    exit 1
  fi
  mkdir -p "$deploy/values"
  cat >"$deploy/values/image-$contender.yaml" <<VALUES
# Written by deploy/images/push.sh.
runtime: $runtime
image:
  repository: $registry/order-bench/$contender
  tag: "$tag"
  digest: $digest
VALUES
  echo "$contender: $registry/order-bench/$contender:$tag@$digest"
}

# push_spin <contender>: the folder under apps/ of that name.
push_spin() {
  local contender="$1" reference="$registry/order-bench/$1:$tag" said
  run npm --prefix "apps/$contender" run --silent build
  if [ -n "$dry_run" ]; then
    run spin registry push --from "apps/$contender/spin.toml" "$reference"
    return
  fi
  said="$(spin registry push --from "apps/$contender/spin.toml" "$reference")"
  printf '%s\n' "$said"
  write_values "$contender" spin "$(sed -n 's/^Pushed with digest //p' <<<"$said")"
}

# push_program <contender> <Dockerfile> <build argument>: one Dockerfile for all of a language, so that they differ in nothing but
# their program.
push_program() {
  local contender="$1" dockerfile="$2" argument="$3" metadata
  metadata="$temporary/$contender.json"
  run docker buildx build --builder "$builder" --platform linux/amd64,linux/arm64 --file "deploy/images/$dockerfile" --build-arg "$argument" \
    --tag "$registry/order-bench/$contender:$tag" --metadata-file "$metadata" --push .
  [ -n "$dry_run" ] ||
    write_values "$contender" program "$(node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8"))["containerimage.digest"]' "$metadata")"
}

cd "$root"
tag="$(git rev-parse --short=12 HEAD)"
if [ -n "$dry_run" ]; then
  registry="$(tf_output registry_login_server 2>/dev/null || echo REGISTRY)"
else
  need az "install the Azure CLI"
  need docker "install Docker with buildx, or run this where it is"
  need spin "install Spin 3.4 or newer: https://spinframework.dev/install"
  if [ -n "$(git status --porcelain)" ]; then
    echo "error: the work tree differs from commit $tag, which the images would be named after: commit or stash first" >&2
    exit 2
  fi
  registry="$(tf_output registry_login_server)"
fi
temporary="$(mktemp -d)"
trap 'rm -rf "$temporary"' EXIT

# az leaves a token for docker, which Spin finds there too.
run az acr login --name "${registry%%.*}"
# Docker's default builder makes images of one platform only.
if [ -n "$dry_run" ] || ! docker buildx inspect "$builder" >/dev/null 2>&1; then
  run docker buildx create --name "$builder" --driver docker-container
fi

for contender in spin spin-current spin-rust; do push_spin "$contender"; done
for contender in express express-fetch null; do push_program "$contender" node.Dockerfile "APP=$contender"; done
push_program warp-rust rust.Dockerfile LINKED=dynamically
push_program warp-rust-static rust.Dockerfile LINKED=statically
