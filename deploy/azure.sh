# shellcheck shell=bash
# Sourced by the scripts beside it.

# The object id in Entra ID of who is logged in, a person or a service principal. Names can change, be somebody else's in
# another tenant, and need a right to be looked up.
signed_in_object_id() {
  local name type
  IFS=$'\t' read -r name type <<<"$(az account show --query '[user.name, user.type]' --output tsv | paste -s -)"
  if [ "$type" = servicePrincipal ]; then
    az ad sp show --id "$name" --query id --output tsv
  else
    az ad signed-in-user show --query id --output tsv
  fi
}
