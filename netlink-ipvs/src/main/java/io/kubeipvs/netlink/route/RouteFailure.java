package io.kubeipvs.netlink.route;

import io.kubeipvs.netlink.NetlinkException;

/** A command the kernel refused, with its answer; prints both. */
public record RouteFailure(RouteCommand command, NetlinkException cause) {
  @Override
  public String toString() {
    return String.valueOf(cause.getMessage());
  }
}
