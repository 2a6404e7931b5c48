package io.kubeipvs.netlink.route;

import io.kubeipvs.net.IpAddress;
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
  @Override
  public int compareTo(LocalRoute other) {
    return destination.compareTo(other.destination);
  }
}
