#!/usr/bin/env bash
# node.sh <folder>: a Kubernetes node's own cgroups and namespaces, around init.sh, for as long as standard input stays open;
# its other end is held by whoever wants the node. Then every process in it is killed, and cgroups and folder are removed,
# however the holder went. The folder gets `init` (the pid to enter by) and `cgroups` (those to join) and, last, `up`.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
folder="$1"
name="order-bench-$(basename "$folder")"
made=()

# made_cgroup <parent> [controllers]: makes the node's group there, and goes into it.
made_cgroup() {
  local group="$1/$name" file
  mkdir "$group"
  made+=("$group")
  # A new cpuset has no cores and takes no process.
  for file in cpuset.cpus cpuset.mems; do
    [ "$2" != cpuset ] || cat "$1/$file" >"$group/$file"
  done
  echo $BASHPID >"$group/cgroup.procs"
}

# shellcheck disable=SC2317 # Called by the trap.
leave() {
  trap - EXIT
  local root
  while read -r root; do echo $BASHPID >"$root/cgroup.procs"; done <"$folder/outside" || true
  # The kernel counts a process out of its group a moment after its end.
  for group in "${made[@]}"; do
    for _ in $(seq 100); do
      find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || true
      [ -e "$group" ] || break
      sleep 0.05
    done
  done
  rm -rf "$folder"
}
trap leave EXIT
trap '' INT HUP TERM

: >"$folder/outside"
# Read before anything moves.
own="$(cat /proc/self/cgroup)"
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  # Version 2, whose groups with groups inside hold no process: the node's own programs get one beside those of the pods.
  echo /sys/fs/cgroup >"$folder/outside"
  read -ra controllers </sys/fs/cgroup/cgroup.controllers
  for controller in "${controllers[@]}"; do echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control; done
  made_cgroup /sys/fs/cgroup ""
  mkdir "${made[0]}/programs"
  echo "${made[0]}/programs" >"$folder/cgroups"
else
  while IFS=: read -r _ controllers path; do
    case "$controllers" in
      "") continue ;;
      name=*) parent="/sys/fs/cgroup/${controllers#name=}${path%/}" ;;
      *) parent="/sys/fs/cgroup/$controllers${path%/}" ;;
    esac
    echo "$parent" >>"$folder/outside"
    made_cgroup "$parent" "$controllers"
  done <<<"$own"
  printf '%s\n' "${made[@]}" >"$folder/cgroups"
fi

unshare --cgroup --mount --net --pid --uts --ipc --fork --kill-child --propagation private "$here/init.sh" "$folder" <&0 &
inside=$!
until [ -e "$folder/ready" ]; do
  kill -0 "$inside" 2>/dev/null || exit 1
  sleep 0.02
done
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  mapfile -t pids <"${made[0]}/cgroup.procs"
  for pid in "${pids[@]}"; do echo "$pid" >"${made[0]}/programs/cgroup.procs"; done
fi
pgrep -P "$inside" >"$folder/init"
touch "$folder/up"
wait "$inside" || true
