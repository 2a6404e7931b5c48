package io.kubeipvs.proxy.config;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.model.NodeInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who this node is as long as no Node object says so. */
public final class NodeIdentity {
  private NodeIdentity() {}

  /** As kubelet and kube-proxy name a node: trimmed, lower case. */
  public static String name(String override, String hostName) {
    String name = override.isBlank() ? hostName : override;
    return name.strip().toLowerCase(Locale.ROOT);
  }

  /** The node of that name, with the first address of each family its own devices have. */
  public static NodeInfo guess(String name, Routes routes, String deviceName) throws IOException {
    Map<Integer, Link> links =
        routes.links().stream().collect(Collectors.toMap(Link::index, link -> link));
    List<IpAddress> addresses = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      first(routes.addresses(family), links, deviceName).ifPresent(addresses::add);
    }
    return new NodeInfo(name, addresses, "", List.of());
  }

  private static Optional<IpAddress> first(
      List<LinkAddress> addresses, Map<Integer, Link> links, String deviceName) {
    return addresses.stream()
        .filter(address -> !address.address().isLoopback() && !address.address().isLinkLocal())
        .filter(
            address -> {
              Link link = links.get(address.linkIndex());
              return link != null && link.up() && !link.name().equals(deviceName);
            })
        .min(Comparator.comparing(LinkAddress::linkIndex))
        .map(LinkAddress::address);
  }
}
