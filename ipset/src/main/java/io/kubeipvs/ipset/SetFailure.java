package io.kubeipvs.ipset;

import io.kubeipvs.netlink.NetlinkException;

/** A command the kernel refused, with its answer. */
public record SetFailure(SetCommand command, NetlinkException cause) {
  @Override
  public String toString() {
    return "ipset " + command + ": " + cause.getMessage();
  }
}
