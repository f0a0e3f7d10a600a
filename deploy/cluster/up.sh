#!/usr/bin/env bash
# Installs what the chart needs on the cluster that Terraform made: in order, each waited for, and again without harm.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: deploy/cluster/up.sh

Installs on the cluster of deploy/infra, at the versions of deploy/cluster/versions.sh: cert-manager, SpinKube
(runtime-class-manager, its Spin shim, spin-operator), Dapr, KEDA. May be run again at any time.

It writes a kubeconfig of its own, deploy/.kube/config, and touches no other cluster.

Environment:
  TERRAFORM      terraform or tofu; default: whichever is there
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
infra="$deploy/infra"
wait_timeout="${WAIT_TIMEOUT:-10m}"

# shellcheck source=../terraform.sh
. "$deploy/terraform.sh"
# shellcheck source=versions.sh
. "$here/versions.sh"

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

step "Preflight"
"$deploy/preflight.sh" cluster

step "Access to the cluster"
resource_group="$(tf_output resource_group)"
cluster_name="$(tf_output cluster_name)"
keda="$(tf_output keda)"
keda_client_id="$(tf_output keda_client_id)"
tenant_id="$(tf_output tenant_id)"
export KUBECONFIG="$deploy/.kube/config"
mkdir -p "$deploy/.kube"
chmod 700 "$deploy/.kube"
az aks get-credentials --resource-group "$resource_group" --name "$cluster_name" --file "$KUBECONFIG" --overwrite-existing
# The cluster knows Entra ID only; kubectl takes its token from az.
kubelogin convert-kubeconfig --login azurecli
if ! kubectl auth can-i create clusterroles --quiet; then
  echo "error: you may not administer $cluster_name (yet): roles that Terraform just gave take some minutes; run this again." \
    "If it stays so, you are not among operator_object_ids in terraform.tfvars" >&2
  exit 1
fi
kubectl wait node --all --for=condition=Ready --timeout="$wait_timeout"

spin_nodes="$(kubectl get nodes --selector order-bench/pool=spin --output name | grep -c . || true)"
if [ "$spin_nodes" -eq 0 ]; then
  echo "error: no node has the label order-bench/pool=spin: is this the cluster of deploy/infra? Run make infra-up" >&2
  exit 1
fi

step "cert-manager $cert_manager_chart (spin-operator's webhooks get their certificates from it)"
chart cert-manager cert-manager "$cert_manager_chart" --repo https://charts.jetstack.io cert-manager \
  --values "$here/values-cert-manager.yaml"

step "runtime-class-manager $runtime_class_manager_chart, and the Spin shim on $spin_nodes nodes"
chart runtime-class-manager runtime-class-manager "$runtime_class_manager_chart" \
  oci://ghcr.io/spinframework/charts/runtime-class-manager
kubectl apply --server-side --field-manager=order-bench --filename "$here/shim.yaml"
if ! kubectl wait shim/spin-v2 --for=jsonpath='{.status.nodesReady}'="$spin_nodes" --timeout="$wait_timeout"; then
  echo "error: the Spin shim is not on all $spin_nodes nodes of the spin pool. See: KUBECONFIG=$KUBECONFIG kubectl logs" \
    "--namespace runtime-class-manager --selector spinkube.dev/job=true --all-containers" >&2
  exit 1
fi
kubectl wait runtimeclass/wasmtime-spin-v2 --for=create --timeout="$wait_timeout"
kubectl apply --server-side --field-manager=order-bench --filename "$here/runtime-class-toleration.yaml"

step "spin-operator $spin_operator_chart"
kubectl apply --server-side --field-manager=order-bench --filename "$spin_operator_crds"
kubectl wait crd/spinapps.core.spinkube.dev crd/spinappexecutors.core.spinkube.dev --for=condition=Established --timeout="$wait_timeout"
# The SpinAppExecutor comes with the chart: spin-operator looks for it in the SpinApp's own namespace.
chart spin-operator spin-operator "$spin_operator_chart" oci://ghcr.io/spinframework/charts/spin-operator

step "Dapr $dapr_chart"
chart dapr dapr-system "$dapr_chart" --repo https://dapr.github.io/helm-charts dapr \
  --values "$here/values-dapr.yaml"

# By Helm at a pinned version, or as AKS's add-on, whose version follows the cluster's Kubernetes version and whose values
# cannot be set ("Simplified application autoscaling with KEDA add-on", learn.microsoft.com).
if [ "$keda" = add-on ]; then
  step "KEDA, AKS's add-on"
  kubectl rollout status deployment/keda-operator --namespace kube-system --timeout="$wait_timeout"
else
  step "KEDA $keda_chart"
  chart keda keda "$keda_chart" --repo https://kedacore.github.io/charts keda \
    --values "$here/values-keda.yaml" \
    --set-string "podIdentity.azureWorkload.clientId=$keda_client_id" \
    --set-string "podIdentity.azureWorkload.tenantId=$tenant_id"
fi

step "Reader of cgroups, for bench run --target azure"
kubectl apply --server-side --field-manager=order-bench --filename "$here/cgroup-reader.yaml"
kubectl rollout status daemonset/cgroup-reader --namespace order-bench-system --timeout="$wait_timeout"

step "Ready"
helm list --all-namespaces
echo "Use this cluster with: export KUBECONFIG=$KUBECONFIG"
