# shellcheck shell=bash
# Sourced by story: a node and its pods, as a CNI plugin would make them, and how to do something in one of them.
#
#   outside 10.0.2.100 ---- eth0 10.0.2.15 [this namespace: the node] ---- pod-a   10.244.0.5
#                                                                     ---- pod-b   10.244.0.6
#                                                                     ---- pod-c   10.244.0.7
#                                                                     ---- visitor 10.244.0.8

set_kernel() { # SETTING VALUE
  echo "$2" >"/proc/sys/net/ipv4/$1"
}

make_node() {
  set_kernel ip_forward 1
  set_kernel conf/all/rp_filter 0
  set_kernel conf/default/rp_filter 0
  ip netns add outside
  ip link add eth0 type veth peer name eth0 netns outside
  ip address add 10.0.2.15/24 dev eth0
  ip link set eth0 up
  ip -n outside address add 10.0.2.100/24 dev eth0
  ip -n outside link set eth0 up
  ip route add default via 10.0.2.100
}

# A network namespace with one address and one way out, to the node; no bridge.
make_pod() { # NAME ADDRESS
  ip netns add "$1"
  ip link add "to-$1" type veth peer name eth0 netns "$1"
  ip link set "to-$1" up
  # The node answers for everybody the pod looks for, and at once.
  set_kernel "conf/to-$1/proxy_arp" 1
  set_kernel "neigh/to-$1/proxy_delay" 0
  ip route add "$2" dev "to-$1"
  ip -n "$1" link set lo up
  ip -n "$1" link set eth0 up
  ip -n "$1" address add "$2/32" dev eth0
  ip -n "$1" route add default dev eth0
}

# A command as if typed in that pod, or outside.
from() { # NAME COMMAND...
  ip netns exec "$@"
}

start_server() { # POD
  from "$1" echo-server "$1" 8080 &
  disown
}
