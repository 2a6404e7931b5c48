package io.kubeipvs.proxy.model;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A Node: who we are, or somebody else in a directory of manifests.
 *
 * @param addresses its primary addresses, at most one of a family, the primary family's first
 * @param zone label {@code topology.kubernetes.io/zone}; empty when it has none
 * @param podCidrs ranges its pods get their addresses from
 */
public record NodeInfo(
    String name, List<IpAddress> addresses, String zone, List<IpPrefix> podCidrs) {

  public NodeInfo {
    addresses = List.copyOf(addresses);
    podCidrs = List.copyOf(podCidrs);
  }

  /** A node of which only the name is known. */
  public static NodeInfo named(String name) {
    return new NodeInfo(name, List.of(), "", List.of());
  }

  /**
   * A node of which no object tells: its addresses are the first of each family that its devices
   * have, in the kernel's order.
   */
  public static NodeInfo guessed(String name, Collection<IpAddress> onDevices) {
    List<IpAddress> addresses = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      onDevices.stream()
          .filter(address -> address.family() == family)
          .filter(address -> !address.isLoopback() && !address.isLinkLocal())
          .findFirst()
          .ifPresent(addresses::add);
    }
    return new NodeInfo(name, addresses, "", List.of());
  }

  public Optional<IpAddress> address(AddressFamily family) {
    return addresses.stream().filter(address -> address.family() == family).findFirst();
  }
}
