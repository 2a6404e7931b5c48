package io.kubeipvs.proxy.check;

import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.proxy.check.facts.Network;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import java.util.List;

/** Kernels before 5.7 may give what they masquerade into a vxlan device a wrong checksum. */
final class VxlanCheck implements Check {
  static final String ID = "vxlan-checksum";

  @Override
  public List<Finding> look(NodeFacts facts) {
    List<String> devices =
        facts.network().map(Network::links).value().orElse(List.of()).stream()
            .filter(link -> link.kind().equals("vxlan"))
            .map(Link::name)
            .toList();
    boolean old = facts.version().map(version -> version.isBefore(5, 7)).orElse(false);
    if (devices.isEmpty() || !old) {
      return List.of();
    }
    return List.of(
        Finding.of(
                ID,
                Severity.INFO,
                "kernels before 5.7 may send masqueraded packets with wrong checksums over vxlan:"
                    + " connections from nodes to cluster IPs then take seconds",
                "kernel " + facts.release() + ", vxlan devices " + devices)
            .remedy("ethtool -K DEVICE tx-checksum-ip-generic off, or a newer kernel"));
  }
}
