#!/usr/bin/env bash
# Runs one of k6's tests in the cluster, prints its summary, and ends as k6 did: 0, or 99 where a threshold failed.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
  cat <<'USAGE'
Usage: deploy/k6/run.sh <test> <contender> <role> [--set name=value ...]

Loads a role of a contender that deploy/chart has installed in the namespace order-bench-<contender>. Further arguments go to
Helm; see deploy/k6/values.yaml. `make build` comes first: the orders are made here.

Environment:
  NAMESPACE   default: order-bench-<contender>
  RELEASE     the contender's release; default: <contender>
  SEED        decides the orders; default: 1
USAGE
}

if [[ $# -lt 3 ]]; then
  usage >&2
  exit 2
fi
test=$1 contender=$2 role=$3
shift 3
namespace=${NAMESPACE:-order-bench-$contender}
name=k6-$test-$contender-$role
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

node bench/dist/edge/orders-file-main.js --dir "$dir" --seed "${SEED:-1}" --role "$role"
helm template "$name" deploy/k6 --namespace "$namespace" --set "release=${RELEASE:-$contender},contender=$contender,role=$role,test=$test" \
  --set-file "orders=$dir/orders-$role.json" "$@" >"$dir/job.yaml"
kubectl --namespace "$namespace" delete --ignore-not-found --filename "$dir/job.yaml"
kubectl --namespace "$namespace" create --filename "$dir/job.yaml"

exit_code() {
  kubectl --namespace "$namespace" get pods --selector "job-name=$name" \
    --output 'jsonpath={.items[0].status.containerStatuses[0].state.terminated.exitCode}'
}

until [[ -n $(exit_code 2>/dev/null) ]]; do
  failed=$(kubectl --namespace "$namespace" get job "$name" --output 'jsonpath={.status.conditions[?(@.type=="Failed")].reason}')
  # A pod that was evicted, or whose image can't be pulled, never tells an exit code.
  if [[ -n $failed && -z $(exit_code 2>/dev/null) ]]; then
    echo "error: $name failed ($failed; DeadlineExceeded: raise timeoutSeconds): kubectl --namespace $namespace describe job $name" >&2
    exit 1
  fi
  sleep 2
done
kubectl --namespace "$namespace" logs "job/$name"
exit "$(exit_code)"
