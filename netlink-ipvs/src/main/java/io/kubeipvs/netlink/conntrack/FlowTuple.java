package io.kubeipvs.netlink.conntrack;

import io.kubeipvs.net.IpAddress;

/** One direction of a flow. Ports are 0 where the protocol has none. */
public record FlowTuple(
    IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {

  /** {@code src=10.1.0.5 dst=10.96.0.10 sport=40000 dport=53}, as {@code conntrack -L} prints. */
  @Override
  public String toString() {
    return "src=" + source + " dst=" + destination + ports();
  }

  private String ports() {
    return sourcePort == 0 && destinationPort == 0
        ? ""
        : " sport=" + sourcePort + " dport=" + destinationPort;
  }
}
