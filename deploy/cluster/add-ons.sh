# shellcheck shell=bash
# Sourced by up.sh here and in ../kind: what the chart needs of any cluster, each waited for, and again without harm.

add_ons="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
wait_timeout="${WAIT_TIMEOUT:-10m}"

# shellcheck source=../cluster/versions.sh
. "$add_ons/versions.sh"

step() {
  printf '\n== %s\n' "$1"
}

# chart <release> <namespace> <version> <where the chart is>...: install or upgrade, and wait until it runs.
chart() {
  local release="$1" namespace="$2" version="$3"
  shift 3
  helm upgrade --install "$release" --namespace "$namespace" --create-namespace --version "$version" \
    --wait --timeout "$wait_timeout" "$@"
}

cert_manager() {
  step "cert-manager $cert_manager_chart (spin-operator's webhooks get their certificates from it)"
  chart cert-manager cert-manager "$cert_manager_chart" --repo https://charts.jetstack.io cert-manager \
    --values "$add_ons/values-cert-manager.yaml"
}

# On the nodes of the pool spin.
spinkube() {
  local spin_nodes
  spin_nodes="$(kubectl get nodes --selector order-bench/pool=spin --output name | grep -c . || true)"
  if [ "$spin_nodes" -eq 0 ]; then
    echo "error: no node has the label order-bench/pool=spin: was this cluster made by make infra-up or make kind-up?" >&2
    exit 1
  fi

  step "runtime-class-manager $runtime_class_manager_chart, and the Spin shim on $spin_nodes nodes"
  chart runtime-class-manager runtime-class-manager "$runtime_class_manager_chart" \
    oci://ghcr.io/spinframework/charts/runtime-class-manager
  kubectl apply --server-side --field-manager=order-bench --filename "$add_ons/shim.yaml"
  if ! kubectl wait shim/spin-v2 --for=jsonpath='{.status.nodesReady}'="$spin_nodes" --timeout="$wait_timeout"; then
    echo "error: the Spin shim is not on all $spin_nodes nodes of the spin pool. See: KUBECONFIG=$KUBECONFIG kubectl logs" \
      "--namespace runtime-class-manager --selector spinkube.dev/job=true --all-containers" >&2
    exit 1
  fi
  kubectl wait runtimeclass/wasmtime-spin-v2 --for=create --timeout="$wait_timeout"
  kubectl apply --server-side --field-manager=order-bench --filename "$add_ons/runtime-class-toleration.yaml"

  step "spin-operator $spin_operator_chart"
  spin_operator_definitions
  kubectl wait crd/spinapps.core.spinkube.dev crd/spinappexecutors.core.spinkube.dev --for=condition=Established --timeout="$wait_timeout"
  # The SpinAppExecutor comes with the chart: spin-operator looks for it in the SpinApp's own namespace.
  chart spin-operator spin-operator "$spin_operator_chart" oci://ghcr.io/spinframework/charts/spin-operator
}

# Gives the cluster the kinds SpinApp and SpinAppExecutor, from files whose hashes are known beforehand.
spin_operator_definitions() {
  local folder hash file
  folder="$(mktemp -d)"
  while read -r hash file; do
    curl --silent --show-error --fail --location --output "$folder/$file" "$spin_operator_crds/$file"
    if ! sha256sum --check --status <<<"$hash  $folder/$file"; then
      echo "error: $spin_operator_crds/$file is not the file whose hash is in deploy/cluster/versions.sh: nothing of it was installed" >&2
      exit 1
    fi
  done <<<"$spin_operator_crd_hashes"
  kubectl apply --server-side --field-manager=order-bench --filename "$folder"
  rm -rf "$folder"
}

dapr() {
  step "Dapr $dapr_chart"
  chart dapr dapr-system "$dapr_chart" --repo https://dapr.github.io/helm-charts dapr \
    --values "$add_ons/values-dapr.yaml"
}

cgroup_reader() {
  step "Reader of cgroups, for bench"
  kubectl apply --server-side --field-manager=order-bench --filename "$add_ons/cgroup-reader.yaml"
  kubectl rollout status daemonset/cgroup-reader --namespace order-bench-system --timeout="$wait_timeout"
}
