package io.kubeipvs.netlink.route;

import io.kubeipvs.netlink.NetlinkException;

/** A command the kernel refused, with its answer. */
public record RouteFailure(RouteCommand command, NetlinkException cause) {
  @Override
  public String toString() {
    return "ip " + command + ": " + cause.getMessage();
  }
}
