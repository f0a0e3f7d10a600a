#!/usr/bin/env bash
# Builds the contenders' images, pushes them to the registry of deploy/infra, tagged by commit, and writes their digests
# into values files for the chart.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: deploy/images/push.sh [--dry-run]

Pushes order-bench/spin, spin-current, spin-rust and order-api-spin (Spin artifacts, the same for every processor),
order-bench/express, express-fetch, express-bulk, null, order-api-express, warp-rust and warp-rust-static, and order-bench/daprd (images for amd64 and
arm64, each with its bill of materials and where it was built), tagged by commit, daprd by Dapr's version, and writes
deploy/values/image-<name>.yaml for the chart.
The work tree must be as committed.

  --dry-run   print the commands and run none

Environment:
  TERRAFORM   terraform or tofu; default: whichever is there
  REGISTRY    another registry than that of deploy/infra, one that you are logged in to (deploy/kind has one). The stand-ins
              of deploy/stand-ins go there as well
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

# write_values <name> <runtime, - for daprd> <digest> [transport]: what the chart's release pulls, what runs it, and what its
# orders travel by where that is not the chart's own queues.
write_values() {
  local contender="$1" runtime="$2" digest="$3" transport="${4:-}"
  if ! [[ "$digest" =~ ^sha256:[0-9a-f]{64}$ ]]; then
    echo "error: the push of $contender told no digest (\"$digest\"), so nothing says what the cluster would run" >&2
    exit 1
  fi
  mkdir -p "$deploy/values"
  if [ "$contender" = daprd ]; then
    cat >"$deploy/values/image-daprd.yaml" <<VALUES
# Written by deploy/images/push.sh.
dapr:
  image:
    repository: $registry/order-bench/daprd
    tag: $dapr_version
    digest: $digest
    refusesUnanswered: true
VALUES
    echo "daprd: $registry/order-bench/daprd:$dapr_version@$digest"
    return
  fi
  if [[ "$contender" = order-api-* ]]; then
    cat >"$deploy/values/image-$contender.yaml" <<VALUES
# Written by deploy/images/push.sh.
orderApi:
  image:
    repository: $registry/order-bench/$contender
    tag: "$tag"
    digest: $digest
VALUES
    echo "$contender: $registry/order-bench/$contender:$tag@$digest"
    return
  fi
  cat >"$deploy/values/image-$contender.yaml" <<VALUES
# Written by deploy/images/push.sh.
runtime: $runtime${transport:+
transport: $transport}
image:
  repository: $registry/order-bench/$contender
  tag: "$tag"
  digest: $digest
VALUES
  echo "$contender: $registry/order-bench/$contender:$tag@$digest"
}

# push_spin <name> <folder>
push_spin() {
  local contender="$1" folder="$2" reference="$registry/order-bench/$1:$tag" said
  run npm --prefix "$folder" run --silent build
  if [ -n "$dry_run" ]; then
    run spin registry push "${spin_options[@]}" --from "$folder/spin.toml" "$reference"
    return
  fi
  said="$(spin registry push "${spin_options[@]}" --from "$folder/spin.toml" "$reference")"
  printf '%s\n' "$said"
  write_values "$contender" spin "$(sed -n 's/^Pushed with digest //p' <<<"$said")"
}

# push_program <contender> <Dockerfile> <build argument> [transport]: one Dockerfile for all of a language, so that they differ in nothing but
# their program.
push_program() {
  local contender="$1" dockerfile="$2" argument="$3" transport="${4:-}" metadata
  metadata="$temporary/$contender.json"
  run docker buildx build --builder "$builder" --platform linux/amd64,linux/arm64 --file "deploy/images/$dockerfile" --build-arg "$argument" \
    --sbom=true --provenance=true --tag "$registry/order-bench/$contender:$tag" --metadata-file "$metadata" --push .
  [ -n "$dry_run" ] ||
    write_values "$contender" program "$(node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8"))["containerimage.digest"]' "$metadata")" "$transport"
}

push_stand_ins() {
  local name metadata digest text="# Written by deploy/images/push.sh."
  for name in broker blob; do
    metadata="$temporary/$name.json"
    run docker buildx build --builder "$builder" --platform linux/amd64,linux/arm64 --file deploy/images/stand-in.Dockerfile --build-arg "STAND_IN=$name" \
      --sbom=true --provenance=true --tag "$registry/order-bench/$name:$tag" --metadata-file "$metadata" --push .
    [ -z "$dry_run" ] || continue
    digest="$(node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8"))["containerimage.digest"]' "$metadata")"
    text+=$'\n'"$name: { image: $registry/order-bench/$name:$tag@$digest }"
  done
  [ -n "$dry_run" ] || printf '%s\n' "$text" >"$deploy/values/image-stand-ins.yaml"
}

# daprd of local/daprd, whose image is the same for every contender.
push_daprd() {
  local metadata="$temporary/daprd.json" digest
  run docker buildx build --builder "$builder" --platform linux/amd64,linux/arm64 --file deploy/images/daprd.Dockerfile \
    --sbom=true --provenance=true --tag "$registry/order-bench/daprd:$dapr_version" --metadata-file "$metadata" --push .
  [ -z "$dry_run" ] || return 0
  digest="$(node -p 'JSON.parse(fs.readFileSync(process.argv[1], "utf8"))["containerimage.digest"]' "$metadata")"
  write_values daprd - "$digest"
}

cd "$root"
tag="$(git rev-parse --short=12 HEAD)"
dapr_version="$(sed -n 's|^\t*\(require \)\{0,1\}github.com/dapr/dapr v||p' local/daprd/go.mod)"
if [ -n "$dry_run" ]; then
  registry="${REGISTRY:-$(tf_output registry_login_server 2>/dev/null || echo REGISTRY)}"
else
  [ -n "${REGISTRY:-}" ] || need az "install the Azure CLI"
  need docker "install Docker with buildx, or run this where it is"
  need spin "install Spin 3.4 or newer: https://spinframework.dev/install"
  if [ -n "$(git status --porcelain)" ]; then
    echo "error: the work tree differs from commit $tag, which the images would be named after: commit or stash first" >&2
    exit 2
  fi
  registry="${REGISTRY:-$(tf_output registry_login_server)}"
fi
# A registry of this machine has no certificate.
spin_options=()
[[ "$registry" != localhost:* ]] || spin_options=(--insecure)
temporary="$(mktemp -d)"
trap 'rm -rf "$temporary"' EXIT

# az leaves a token for docker, which Spin finds there too.
[ -n "${REGISTRY:-}" ] || run az acr login --name "${registry%%.*}"
# Docker's default builder makes images of one platform only.
if [ -n "$dry_run" ] || ! docker buildx inspect "$builder" >/dev/null 2>&1; then
  run docker buildx create --name "$builder" --driver docker-container --driver-opt network=host
fi

for contender in spin spin-current spin-rust; do push_spin "$contender" "apps/$contender"; done
push_spin order-api-spin apps/order-api/spin
for contender in express express-fetch null; do push_program "$contender" node.Dockerfile "APP=$contender"; done
push_program express-bulk node.Dockerfile APP=express-bulk topics
push_program order-api-express node.Dockerfile APP=order-api/express
push_program warp-rust rust.Dockerfile LINKED=dynamically
push_program warp-rust-static rust.Dockerfile LINKED=statically
push_daprd
[ -z "${REGISTRY:-}" ] || push_stand_ins
