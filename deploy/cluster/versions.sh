# shellcheck shell=bash disable=SC2034
# What make cluster-up installs. Sourced by up.sh; one place to change a version, and a new one is a new comparison.
# Charts are pinned, and each chart pins its own images.

cert_manager_chart=v1.21.3
runtime_class_manager_chart=0.2.0
spin_operator_chart=0.6.1
spin_operator_crds="https://github.com/spinframework/spin-operator/releases/download/v${spin_operator_chart}/spin-operator.crds.yaml"
dapr_chart=1.18.3
keda_chart=2.20.2
