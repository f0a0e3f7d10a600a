#!/usr/bin/env bash
# Plans, makes and removes the Azure resources of deploy/infra, by Terraform or OpenTofu.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: deploy/infra/infra.sh state <region> | plan | up [--yes] | down [--yes]

  state <region>   once: a resource group and storage account for Terraform's state, and backend.hcl that points there
  plan             preflight, plan, capacity in the region, cost an hour; changes nothing
  up               the same, then asks, then makes it; writes deploy/values/infra.yaml for the chart
  down             shows what would be removed, asks, removes it
  --yes            asks nothing, for pipelines

Settings: deploy/infra/terraform.tfvars (see terraform.tfvars.example).
Environment:
  TERRAFORM   terraform or tofu; default: whichever is there
  PRICES      file with prices; default prices.json of the checkout (make prices)
USAGE
}

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
deploy="$(dirname "$here")"
infra="$here"
plan_file="$infra/infra.tfplan"
plan_json="$infra/infra.tfplan.json"

# shellcheck source=../terraform.sh
. "$deploy/terraform.sh"
# shellcheck source=../azure.sh
. "$deploy/azure.sh"

fail() {
  echo "error: $1" >&2
  exit 2
}

# confirm <question> <--yes or nothing>: goes on only after the word yes.
confirm() {
  [ "$2" = --yes ] && return
  local answer=""
  printf '%s Type yes to go on: ' "$1"
  read -r answer || true
  [ "$answer" = yes ] || { echo "nothing was changed"; exit 1; }
}

state() {
  local location="$1" subscription tenant account group=orderbench-state container=tfstate
  "$deploy/preflight.sh" login
  subscription="$(az account show --query id --output tsv)"
  tenant="$(az account show --query tenantId --output tsv)"
  account="orderbenchtf$(printf '%s' "$subscription" | git hash-object --stdin | cut -c1-8)"

  az group create --name "$group" --location "$location" --output none
  az storage account create --name "$account" --resource-group "$group" --location "$location" --sku Standard_LRS \
    --allow-shared-key-access false --allow-blob-public-access false --min-tls-version TLS1_2 --output none
  az role assignment create --role "Storage Blob Data Contributor" \
    --assignee-object-id "$(signed_in_object_id)" \
    --scope "/subscriptions/$subscription/resourceGroups/$group/providers/Microsoft.Storage/storageAccounts/$account" \
    --output none
  # Through the management side: the role above takes minutes to work on the data side.
  az storage container-rm create --name "$container" --storage-account "$account" --resource-group "$group" --output none

  cat >"$infra/backend.hcl" <<BACKEND
tenant_id            = "$tenant"
subscription_id      = "$subscription"
resource_group_name  = "$group"
storage_account_name = "$account"
container_name       = "$container"
key                  = "order-bench.tfstate"
use_azuread_auth     = true
BACKEND
  echo "wrote $infra/backend.hcl; the role may take some minutes to work"
}

init() {
  [ -f "$infra/backend.hcl" ] || fail "$infra/backend.hcl is missing: run deploy/infra/infra.sh state <region> once"
  [ -f "$infra/terraform.tfvars" ] || fail "$infra/terraform.tfvars is missing: copy terraform.tfvars.example and set location"
  tf init -input=false -backend-config=backend.hcl
}

plan() {
  "$deploy/preflight.sh" infra
  init
  tf plan -input=false -out="$plan_file"
  tf show -json "$plan_file" >"$plan_json"
  "$deploy/preflight.sh" capacity "$plan_json"
  echo
  echo "Paid by the hour from make infra-up to make infra-down:"
  node "$infra/plan.mjs" cost "$plan_json" "${PRICES:-$deploy/../prices.json}"
}

up() {
  plan
  confirm "This makes the resources above and starts their cost." "$1"
  tf apply -input=false "$plan_file"
  mkdir -p "$deploy/values"
  # JSON is YAML.
  tf output -json chart_values >"$deploy/values/infra.yaml"
  echo "wrote deploy/values/infra.yaml; next: make cluster-up"
}

down() {
  "$deploy/preflight.sh" login
  init
  tf plan -destroy -input=false -out="$plan_file"
  confirm "This removes everything listed above, orders and images too." "$1"
  tf apply -input=false "$plan_file"
  rm -f "$plan_file" "$plan_json" "$deploy/values/infra.yaml"
  echo "removed; Terraform's state stays in orderbench-state (az group delete --name orderbench-state takes that away too)"
}

case "${1:-}" in
  state)
    [ $# -eq 2 ] || fail "state takes the region, for example: infra.sh state westeurope"
    state "$2"
    ;;
  plan)
    [ $# -eq 1 ] || fail "plan takes no argument; see --help"
    plan
    ;;
  up | down)
    [ $# -eq 1 ] || { [ $# -eq 2 ] && [ "$2" = --yes ]; } || fail "$1 takes --yes or nothing; see --help"
    "$1" "${2:-}"
    ;;
  -h | --help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
