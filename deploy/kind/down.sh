#!/usr/bin/env bash
# Removes what up.sh made: the kind cluster order-bench, its registry and its kubeconfig.
set -euo pipefail

deploy="$(dirname "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)")"
kind delete cluster --name order-bench --kubeconfig "$deploy/.kube/kind"
docker rm --force order-bench-registry
rm -f "$deploy/.kube/kind"
