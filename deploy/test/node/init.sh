#!/usr/bin/env bash
# init.sh <folder>: first process of a node (node.sh). Lays its file systems and its network, then waits for the end of its
# standard input; its own end is the kernel's sign to kill everything in the node.
set -euo pipefail
folder="$1"
version=1
[ ! -e /sys/fs/cgroup/cgroup.controllers ] || version=2

mount --make-rshared /
mount -t proc proc /proc
mount -t sysfs sysfs /sys
if [ "$version" = 2 ]; then
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
else
  mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
  while read -r controller _ groups _; do
    # Not the heading, and none that has no hierarchy.
    if ! grep -q ":$controller:" /proc/self/cgroup || [ "$groups" = 0 ]; then continue; fi
    mkdir "/sys/fs/cgroup/$controller"
    mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller"
  done </proc/cgroups
  mkdir /sys/fs/cgroup/systemd
  mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd
fi
# The kubelet sets these for the whole machine. It shall find the values it wants, in files of the node's own.
mkdir "$folder/sysctl"
for setting in kernel/panic=10 kernel/panic_on_oops=1 vm/overcommit_memory=1; do
  file="$folder/sysctl/${setting//\//_}"
  echo "${setting#*=}" >"$file"
  mount --bind "$file" "/proc/sys/${setting%=*}"
done
# Sockets and locks of the machine's own services stay out of sight.
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lock /run/netns
hostname node

ip link set lo up
ip link add node0 type bridge
ip address add 10.90.0.10/24 dev node0
ip link set node0 up
# Nothing is behind it. Programs ask which of the machine's addresses leads out.
ip route add default via 10.90.0.1 dev node0
sysctl -qw net.ipv4.ip_forward=1
# Not there until a bridge filters, and then it is 1 already.
sysctl -qw net.bridge.bridge-nf-call-iptables=1 2>/dev/null || true

touch "$folder/ready"
# Not exec: bash takes in what the containers leave behind, cat would let it stay.
cat >/dev/null <&0 &
wait $! || true
