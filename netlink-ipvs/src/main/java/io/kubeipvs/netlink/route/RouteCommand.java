package io.kubeipvs.netlink.route;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;

/** A request that changes addresses or local routes; prints in {@code ip} syntax. */
public sealed interface RouteCommand {

  /** Adding a route that exists with the same source is no error; another source is replaced. */
  record AddRoute(LocalRoute route) implements RouteCommand {
    @Override
    public String toString() {
      return family(route.destination())
          + "route replace local "
          + route.destination()
          + " dev lo table local proto "
          + route.protocol()
          + route.source().map(source -> " src " + source).orElse("");
    }
  }

  /** Deletes only a route of that protocol number; that there is none is no error. */
  record DeleteRoute(LocalRoute route) implements RouteCommand {
    @Override
    public String toString() {
      return family(route.destination())
          + "route del local "
          + route.destination()
          + " dev lo table local proto "
          + route.protocol();
    }
  }

  /** Adding what is there already is no error. */
  record AddAddress(String linkName, LinkAddress address) implements RouteCommand {
    @Override
    public String toString() {
      return family(address.address()) + "addr add " + text(address) + " dev " + linkName;
    }
  }

  /** That it is gone already is no error. */
  record DeleteAddress(String linkName, LinkAddress address) implements RouteCommand {
    @Override
    public String toString() {
      return family(address.address()) + "addr del " + text(address) + " dev " + linkName;
    }
  }

  private static String family(IpAddress address) {
    return address.family() == AddressFamily.IPV6 ? "-6 " : "";
  }

  private static String text(LinkAddress address) {
    return address.address() + "/" + address.prefixLength();
  }
}
