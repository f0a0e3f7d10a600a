#!/usr/bin/env bash
# enter.sh <folder> <command>...: runs a command in the node of that folder (node.sh); it ends with the node at the latest.
set -euo pipefail
folder="$1"
shift
while read -r group; do echo $$ >"$group/cgroup.procs"; done <"$folder/cgroups"
exec nsenter --target "$(cat "$folder/init")" --mount --net --pid --uts --ipc --cgroup --wd="$PWD" -- "$@"
