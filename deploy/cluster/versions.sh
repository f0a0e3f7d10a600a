# shellcheck shell=bash disable=SC2034
# What make cluster-up installs. Sourced by up.sh; one place to change a version, and a new one is a new comparison.
# Charts are pinned, and each chart pins its own images.

cert_manager_chart=v1.21.3
runtime_class_manager_chart=0.2.0
spin_operator_chart=0.6.1
# The CustomResourceDefinitions of that release by their commit, and the hash of each.
spin_operator_crds=https://raw.githubusercontent.com/spinframework/spin-operator/96c9d1d1d69c2c04e005375c44f323fb10e31002/config/crd/bases
spin_operator_crd_hashes="08051de70925efe25bafca636c9b9410a4fe61e17015bd199be1efa04a5b5762  core.spinkube.dev_spinapps.yaml
c290585b469a6076eeab764af63be1aac11d584c903b5f72a45a1df807634107  core.spinkube.dev_spinappexecutors.yaml"
dapr_chart=1.18.3
keda_chart=2.20.2
