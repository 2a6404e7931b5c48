package io.kubeipvs.netlink.route;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;

/** A request that changes addresses or local routes; prints in {@code ip} syntax. */
public sealed interface RouteCommand {

  /** What to do for each command; an implementation misses none, or does not compile. */
  interface Cases<T> {
    T addRoute(LocalRoute route);

    T deleteRoute(LocalRoute route);

    T addAddress(LinkAddress address);

    T deleteAddress(LinkAddress address);
  }

  <T> T on(Cases<T> cases);

  /**
   * Adding a route that exists with the same source is no error; another source is replaced. Routes
   * of other protocol numbers to the same destination stay, the kernel's own for an address on an
   * interface among them. The kernel refuses a source that this host does not have.
   */
  record AddRoute(LocalRoute route) implements RouteCommand {
    @Override
    public <T> T on(Cases<T> cases) {
      return cases.addRoute(route);
    }

    @Override
    public String toString() {
      return text("replace", route) + route.source().map(source -> " src " + source).orElse("");
    }
  }

  /** Deletes only a route of that protocol number; that there is none is no error. */
  record DeleteRoute(LocalRoute route) implements RouteCommand {
    @Override
    public <T> T on(Cases<T> cases) {
      return cases.deleteRoute(route);
    }

    @Override
    public String toString() {
      return text("del", route);
    }
  }

  /** Adding what is there already is no error. */
  record AddAddress(String linkName, LinkAddress address) implements RouteCommand {
    @Override
    public <T> T on(Cases<T> cases) {
      return cases.addAddress(address);
    }

    @Override
    public String toString() {
      return family(address.address())
          + ("addr add " + address + " dev " + linkName)
          + (address.address().family() == AddressFamily.IPV6 ? " nodad" : "");
    }
  }

  /** That it is gone already, alone or with its link, is no error. */
  record DeleteAddress(String linkName, LinkAddress address) implements RouteCommand {
    @Override
    public <T> T on(Cases<T> cases) {
      return cases.deleteAddress(address);
    }

    @Override
    public String toString() {
      return family(address.address()) + "addr del " + address + " dev " + linkName;
    }
  }

  private static String text(String verb, LocalRoute route) {
    return "%sroute %s local %s dev lo table local proto %d metric %d"
        .formatted(
            family(route.destination()),
            verb,
            route.destination(),
            route.protocol(),
            route.metric());
  }

  private static String family(IpAddress address) {
    return address.family() == AddressFamily.IPV6 ? "-6 " : "";
  }
}
