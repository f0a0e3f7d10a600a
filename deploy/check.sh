#!/usr/bin/env bash
# Checks deploy/infra, deploy/cluster and deploy/images as far as a machine without Azure, containers and a cluster can.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

if command -v shellcheck >/dev/null 2>&1; then
  echo "shellcheck $(shellcheck --version | sed -n 's/^version: //p')"
  shellcheck --external-sources --source-path=SCRIPTDIR ./*.sh cluster/*.sh images/*.sh infra/*.sh k6/*.sh kind/*.sh test/node/*.sh ../.github/*.sh
else
  echo "no shellcheck here: the scripts were not linted (Debian: apt-get install shellcheck)"
fi

node --test preflight.test.mjs cluster/up.test.mjs images/push.test.mjs images/image.test.mjs infra/infra.test.mjs infra/plan.test.mjs kind/up.test.mjs
infra/check.sh
