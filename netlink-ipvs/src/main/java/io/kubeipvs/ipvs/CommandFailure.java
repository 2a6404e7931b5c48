package io.kubeipvs.ipvs;

import io.kubeipvs.netlink.NetlinkException;

/** A command the kernel refused, with its answer. */
public record CommandFailure(IpvsCommand command, NetlinkException cause) {
  @Override
  public String toString() {
    return "ipvsadm " + command + ": " + cause.getMessage();
  }
}
