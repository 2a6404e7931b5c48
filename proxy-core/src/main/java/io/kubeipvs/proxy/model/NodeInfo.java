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
 * @param eligible false when it is about to go (deleted, or tainted by the cluster autoscaler), so
 *     that load balancers should send it nothing new
 */
public record NodeInfo(
    String name,
    List<IpAddress> addresses,
    String zone,
    List<IpPrefix> podCidrs,
    boolean eligible) {

  public NodeInfo {
    addresses = List.copyOf(addresses);
    podCidrs = List.copyOf(podCidrs);
  }

  /** One that stays. */
  public NodeInfo(String name, List<IpAddress> addresses, String zone, List<IpPrefix> podCidrs) {
    this(name, addresses, zone, podCidrs, true);
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

  /**
   * The same node with addresses it really has: its own where a device has them, the first of a
   * device where not. Only such an address can be the source of packets.
   */
  public NodeInfo reachableAt(Collection<IpAddress> onDevices) {
    NodeInfo guessed = guessed(name, onDevices);
    List<IpAddress> real = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      address(family)
          .filter(onDevices::contains)
          .or(() -> guessed.address(family))
          .ifPresent(real::add);
    }
    return new NodeInfo(name, real, zone, podCidrs, eligible);
  }

  public Optional<IpAddress> address(AddressFamily family) {
    return addresses.stream().filter(address -> address.family() == family).findFirst();
  }
}
