#!/usr/bin/env bash
# A Kubernetes cluster of containers on this machine, by kind, with all that the chart needs, three contenders, and a run.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: deploy/kind/up.sh

Makes the kind cluster order-bench (deploy/kind/cluster.yaml) and a registry beside it, pushes the images of this commit
there, installs cert-manager, SpinKube with the Spin shim, Dapr, KEDA, the stand-ins for Service Bus and Blob Storage, and the
contenders spin, express and null, tests each, and runs 1,000 orders through spin and express. May be run again at any time.

Needs docker with buildx, kind 0.32, kubectl, helm, spin and curl. It writes a kubeconfig of its own, deploy/.kube/kind.

Environment:
  WAIT_TIMEOUT   how long one step may take, as for kubectl wait; default 10m
USAGE
}

case "${1:-}" in
  "") ;;
  -h | --help) usage; exit 0 ;;
  *) echo "error: up.sh takes no argument $1; see --help" >&2; exit 2 ;;
esac

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
deploy="$(dirname "$here")"
# shellcheck source=../cluster/add-ons.sh
. "$deploy/cluster/add-ons.sh"

missing=0
for program in docker kind kubectl helm spin curl node; do
  command -v "$program" >/dev/null 2>&1 || { echo "missing: $program is not on your PATH" >&2; missing=1; }
done
[ "$missing" -eq 0 ] || exit 2

step "Cluster"
export KUBECONFIG="$deploy/.kube/kind"
mkdir -p "$deploy/.kube"
chmod 700 "$deploy/.kube"
if ! kind get clusters | grep -qx order-bench; then
  kind create cluster --config "$here/cluster.yaml" --wait "$wait_timeout"
fi
kind export kubeconfig --name order-bench

step "Registry"
if ! docker inspect order-bench-registry >/dev/null 2>&1; then
  docker run --detach --restart unless-stopped --name order-bench-registry --network kind --publish 127.0.0.1:5001:5000 \
    registry:3.0.0@sha256:6c5666b861f3505b116bb9aa9b25175e71210414bd010d92035ff64018f9457e
fi
for node in $(kind get nodes --name order-bench); do
  docker exec "$node" mkdir -p /etc/containerd/certs.d/localhost:5001
  echo '[host."http://order-bench-registry:5000"]' | docker exec --interactive "$node" cp /dev/stdin /etc/containerd/certs.d/localhost:5001/hosts.toml
done

step "Images"
REGISTRY=localhost:5001 "$deploy/images/push.sh"

cert_manager
spinkube
dapr
step "KEDA $keda_chart"
chart keda keda "$keda_chart" --repo https://kedacore.github.io/charts keda
cgroup_reader

step "Stand-ins for Service Bus and Blob Storage"
helm upgrade --install stand-ins "$deploy/stand-ins" --namespace order-bench-stand-ins --create-namespace --wait --timeout "$wait_timeout" \
  --values "$deploy/values/image-stand-ins.yaml"

for contender in spin express null; do
  step "Contender $contender"
  namespace="order-bench-$contender"
  helm upgrade --install "$contender" "$deploy/chart" --namespace "$namespace" --create-namespace \
    --values "$here/values.yaml" --values "$deploy/values/image-daprd.yaml" --values "$deploy/values/image-$contender.yaml" \
    --set-string "contender=$contender"
  # A SpinApp's Deployment is spin-operator's, and appears after Helm is done.
  for role in distributor receiver-express receiver-standard; do
    kubectl wait "deployment/$contender-$role" --for=create --timeout="$wait_timeout" --namespace "$namespace"
    # Not `wait --for=condition=Available`, which an upgrade passes on the old pods.
    kubectl rollout status "deployment/$contender-$role" --timeout="$wait_timeout" --namespace "$namespace"
  done
  helm test "$contender" --namespace "$namespace" --timeout "$wait_timeout"
done

step "1,000 orders"
node "$deploy/../bench/dist/main.js" run --target kubernetes --contenders spin-ts express-ts --orders 1000 --warm-up 1000

step "Ready"
echo "Use this cluster with: export KUBECONFIG=$KUBECONFIG; remove it with: make kind-down"
