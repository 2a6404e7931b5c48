package io.kubeipvs.netlink.route;

import io.kubeipvs.net.IpAddress;
import java.util.Comparator;
import java.util.Optional;

/**
 * A host route of type {@code local} in the {@code local} table: the kernel takes packets to that
 * address for its own, without the address being on any interface.
 *
 * @param source the address this host uses when it connects to the destination
 * @param protocol {@code rtm_protocol}: who made the route ({@code linux/rtnetlink.h})
 */
public record LocalRoute(IpAddress destination, Optional<IpAddress> source, int protocol)
    implements Comparable<LocalRoute> {
  private static final Comparator<LocalRoute> ORDER =
      Comparator.comparing(LocalRoute::destination)
          .thenComparingInt(LocalRoute::protocol)
          .thenComparing(route -> route.source().orElse(route.destination()));

  private static final int METRIC_BASE = 10_000;

  public LocalRoute {
    if (source.isPresent() && source.get().family() != destination.family()) {
      throw new IllegalArgumentException(destination + " cannot have the source " + source.get());
    }
    metric(protocol);
  }

  /**
   * The metric such routes carry, one for each protocol number. To the kernel, destination and
   * metric together name a route, and it replaces a route of any protocol by one of the same name.
   * The routes it makes itself for the addresses on interfaces have metric 0, so ours stand behind
   * them instead of in their place, and take over when such an address goes.
   */
  int metric() {
    return metric(protocol);
  }

  static int metric(int protocol) {
    // 0 would be anybody's: the kernel deletes routes of every protocol then.
    if (protocol < 1 || protocol > 255) {
      throw new IllegalArgumentException("route protocol " + protocol + " is not in 1..255");
    }
    return METRIC_BASE + protocol;
  }

  @Override
  public int compareTo(LocalRoute other) {
    return ORDER.compare(this, other);
  }
}
