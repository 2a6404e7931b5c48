package io.kubeipvs.ipset;

import io.kubeipvs.netlink.NetlinkException;

/** A command the kernel refused, with its answer; the answer's message begins with the command. */
public record SetFailure(SetCommand command, NetlinkException cause) {
  @Override
  public String toString() {
    return String.valueOf(cause.getMessage());
  }
}
