package io.kubeipvs.proxy.model;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The addresses this node has of its own, VIPs not among them.
 *
 * @param local those a VIP must never be made of: they reach the node already, and taking them away
 *     with the VIP would cut it off
 * @param nodePorts those that serve node ports
 */
public record NodeAddresses(SortedSet<IpAddress> local, SortedSet<IpAddress> nodePorts) {

  public static final NodeAddresses NONE =
      new NodeAddresses(Collections.emptySortedSet(), Collections.emptySortedSet());

  public NodeAddresses {
    local = Collections.unmodifiableSortedSet(new TreeSet<>(local));
    nodePorts = Collections.unmodifiableSortedSet(new TreeSet<>(nodePorts));
  }

  /**
   * Chooses as kube-proxy does. Loopback and IPv6 link-local addresses serve nothing; IPv4
   * link-local ones do. A family without a range of its own serves node ports on all its addresses.
   *
   * @param onInterfaces addresses of all interfaces but the one that holds our VIPs
   * @param nodePortRanges {@code --nodeport-addresses}, with {@code primary} replaced by the node's
   *     own addresses
   */
  public static NodeAddresses choose(
      Collection<IpAddress> onInterfaces, List<IpPrefix> nodePortRanges) {
    SortedSet<IpAddress> local = new TreeSet<>(onInterfaces);
    local.removeIf(NodeAddresses::isOfNoUse);
    SortedSet<IpAddress> nodePorts = new TreeSet<>(local);
    for (AddressFamily family : AddressFamily.values()) {
      List<IpPrefix> ranges =
          nodePortRanges.stream().filter(range -> range.family() == family).toList();
      if (!ranges.isEmpty()) {
        nodePorts.removeIf(
            address ->
                address.family() == family
                    && ranges.stream().noneMatch(range -> range.contains(address)));
      }
    }
    return new NodeAddresses(local, nodePorts);
  }

  private static boolean isOfNoUse(IpAddress address) {
    return address.isLoopback()
        || (address.family() == AddressFamily.IPV6 && address.isLinkLocal());
  }
}
