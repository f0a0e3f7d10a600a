# shellcheck shell=bash
# Sourced by the scripts beside it: tf runs Terraform or OpenTofu, whichever is there, in the folder $infra.
# TERRAFORM names the program where it is neither "terraform" nor "tofu".

# shellcheck disable=SC2154  # infra is set by whoever sources this
tf() {
  local program="${TERRAFORM:-}"
  if [ -z "$program" ]; then
    if command -v terraform >/dev/null 2>&1; then program=terraform; else program=tofu; fi
  fi
  "$program" -chdir="$infra" "$@"
}

# The value of one output, or a message that names it and the step that makes it.
tf_output() {
  if ! tf output -raw "$1"; then
    echo "error: Terraform's output $1 is not there: run make infra-up first" >&2
    return 2
  fi
}
