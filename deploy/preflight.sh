#!/usr/bin/env bash
# Checks before anything is made: every miss is told, each with what to do about it.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: deploy/preflight.sh login | infra | capacity <plan.json> | cluster

  login      az is there and logged in
  infra      login; Terraform or OpenTofu and Node.js; resource providers registered; rights to make resources and give roles
  capacity   for a plan of deploy/infra (terraform show -json): Kubernetes version, VM sizes in the region and zone, vCPU quota
  cluster    login; curl, helm, kubectl 1.31 or newer and kubelogin

Changes nothing. Exit code 2 if anything is missing.
USAGE
}

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
misses=0

# shellcheck source=azure.sh
. "$here/azure.sh"

# miss <what is missing> <what to do about it>
miss() {
  misses=$((misses + 1))
  printf 'missing: %s\n         %s\n' "$1" "$2" >&2
}

# tool <program> <how to get it>
tool() {
  command -v "$1" >/dev/null 2>&1 || miss "$1 is not on your PATH" "$2"
}

check_login() {
  tool az "install the Azure CLI: https://learn.microsoft.com/cli/azure/install-azure-cli"
  command -v az >/dev/null 2>&1 || return 0
  az account show --output none 2>/dev/null || {
    miss "az is not logged in" "run: az login, then: az account set --subscription <name or id>"
    return 0
  }
  echo "subscription: $(az account show --query '[name, id]' --output tsv | paste -s -d ' ' -)"
}

check_providers() {
  local provider state
  for provider in Microsoft.Compute Microsoft.ContainerRegistry Microsoft.ContainerService Microsoft.ManagedIdentity \
    Microsoft.Network Microsoft.ServiceBus Microsoft.Storage; do
    state="$(az provider show --namespace "$provider" --query registrationState --output tsv)"
    [ "$state" = Registered ] ||
      miss "resource provider $provider is ${state:-unknown}" "run: az provider register --namespace $provider --wait"
  done
}

# Making resources needs Contributor; giving the identities their roles needs a right over role assignments beside it.
check_rights() {
  local who subscription roles
  who="$(az account show --query user.name --output tsv)"
  subscription="$(az account show --query id --output tsv)"
  roles="$(az role assignment list --assignee "$(signed_in_object_id)" --scope "/subscriptions/$subscription" --include-inherited --include-groups \
    --query '[].roleDefinitionName' --output tsv)"
  grep -qxE 'Owner|Contributor' <<<"$roles" ||
    miss "$who may not make resources in this subscription" "ask an owner for the role Contributor on it"
  grep -qxE 'Owner|User Access Administrator|Role Based Access Control Administrator' <<<"$roles" ||
    miss "$who may not give roles in this subscription" \
      "ask an owner for the role Role Based Access Control Administrator on it (activate it first, if it is given on request)"
}

check_kubectl() {
  local version
  tool kubectl "install it: az aks install-cli"
  command -v kubectl >/dev/null 2>&1 || return 0
  version="$(kubectl version --client --output yaml | sed -n 's/^ *gitVersion: v\([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)"
  [ "$(printf '%s\n1.31\n' "${version:-0}" | sort -V | head -n 1)" = 1.31 ] ||
    miss "kubectl ${version:-of an unknown version} is too old" "install 1.31 or newer (az aks install-cli): the scripts wait for objects to appear"
}

check_kubernetes_version() {
  local location="$1" wanted="$2" offered
  offered="$(az aks get-versions --location "$location" --query 'values[].version' --output tsv)"
  grep -qxF "$wanted" <<<"$offered" || miss "AKS offers no Kubernetes $wanted in $location" \
    "set kubernetes_version in terraform.tfvars to one of: $(paste -s -d ' ' - <<<"$offered")"
}

# check_size <location> <zone or -> <VM size>: sets size_family and size_vcpus; both empty for one that can't be had there.
check_size() {
  local location="$1" zone="$2" size="$3" row zones restricted
  row="$(az vm list-skus --location "$location" --size "$size" --resource-type virtualMachines --output tsv --query \
    "[?name=='$size'].[family, capabilities[?name=='vCPUs'].value | [0], join(',', locationInfo[0].zones || \`[]\`), join(',', restrictions[?type=='Zone'].restrictionInfo.zones[] || \`[]\`)]")"
  # A tab is white space to read, which would swallow an empty field.
  IFS='|' read -r size_family size_vcpus zones restricted <<<"${row//$'\t'/|}"
  if [ -z "$size_vcpus" ]; then
    miss "this subscription can't have $size in $location" "set another size in pools, or another location, in terraform.tfvars"
    return 0
  fi
  if [ "$zone" != - ] && { [[ ",$zones," != *",$zone,"* ]] || [[ ",$restricted," == *",$zone,"* ]]; }; then
    miss "$size is not to be had in zone $zone of $location" \
      "set zone in terraform.tfvars; zones with it: ${zones:-none}; closed to this subscription: ${restricted:-none}"
  fi
}

# check_quota <location> <quota family> <vCPUs needed>
check_quota() {
  local location="$1" family="$2" needed="$3" row limit used
  row="$(az vm list-usage --location "$location" --output tsv --query "[?name.value=='$family'].[limit, currentValue]")"
  read -r limit used <<<"$row"
  if [ -z "$limit" ]; then
    miss "the vCPU quota $family in $location is not known" "see: az vm list-usage --location $location --output table"
  elif [ $((limit - used)) -lt "$needed" ]; then
    miss "vCPU quota $family in $location: $needed needed, $((limit - used)) free of $limit" \
      "ask for more under Quotas in the Azure portal, or set smaller pools in terraform.tfvars"
  fi
}

check_capacity() {
  local plan="$1" location zone version size count family vcpus size_family="" size_vcpus="" needs=""
  IFS=$'\t' read -r location zone version <<<"$(node "$here/infra/plan.mjs" placement "$plan")"
  check_kubernetes_version "$location" "$version"

  while read -r size count; do
    [ -n "$size" ] || continue
    check_size "$location" "$zone" "$size"
    # "cores" is the limit over all families.
    [ -z "$size_vcpus" ] || needs+="$size_family $((size_vcpus * count))"$'\n'"cores $((size_vcpus * count))"$'\n'
  done <<<"$(node "$here/infra/plan.mjs" nodes "$plan")"

  while read -r family vcpus; do
    [ -z "$family" ] || check_quota "$location" "$family" "$vcpus"
  done <<<"$(awk 'NF { sum[$1] += $2 } END { for (family in sum) print family, sum[family] }' <<<"$needs" | sort)"
}

# Later checks need az; without it or without a login they would only repeat the miss.
stop_on_misses() {
  [ "$misses" -eq 0 ] || {
    echo "error: $misses missing, see above" >&2
    exit 2
  }
}

case "${1:-}" in
  login)
    check_login
    ;;
  infra)
    check_login
    if [ -n "${TERRAFORM:-}" ]; then
      tool "$TERRAFORM" "TERRAFORM names it: install it, or unset TERRAFORM"
    else
      command -v terraform >/dev/null 2>&1 || tool tofu "install Terraform or OpenTofu 1.9 or newer"
    fi
    tool node "install Node.js 20 or newer"
    stop_on_misses
    check_providers
    check_rights
    ;;
  capacity)
    [ -n "${2:-}" ] || { usage >&2; exit 2; }
    check_capacity "$2"
    ;;
  cluster)
    check_login
    tool curl "install it by your system's package manager"
    tool helm "install Helm 3.18 or newer: https://helm.sh/docs/intro/install"
    check_kubectl
    tool kubelogin "install it: az aks install-cli"
    ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 2
    ;;
esac
stop_on_misses
echo "preflight $1: all there"
