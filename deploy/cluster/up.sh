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

# shellcheck source=../terraform.sh
. "$deploy/terraform.sh"
# shellcheck source=add-ons.sh
. "$here/add-ons.sh"

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

cert_manager
spinkube
dapr

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

cgroup_reader

step "Ready"
helm list --all-namespaces
echo "Use this cluster with: export KUBECONFIG=$KUBECONFIG"
