package io.kubeipvs.proxy.check;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.proxy.check.facts.Network;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.plan.ipvs.KubeSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every node holds every load balancer IP, and without {@code arp_ignore} answers ARP for it too:
 * whoever announces it (MetalLB in layer 2) is outvoted.
 */
final class ArpCheck implements Check {
  static final String ID = "arp";

  private static final String IGNORE = "net/ipv4/conf/all/arp_ignore";
  private static final Set<String> OUTER =
      Set.of(
          KubeSet.LOAD_BALANCER.name(AddressFamily.IPV4).value(),
          KubeSet.EXTERNAL_IP.name(AddressFamily.IPV4).value(),
          KubeSet.EXTERNAL_IP_LOCAL.name(AddressFamily.IPV4).value());

  @Override
  public List<Finding> look(NodeFacts facts) {
    Optional<Network> network = facts.network().value();
    Optional<List<ObservedSet>> sets = facts.sets().value();
    if (network.isEmpty() || sets.isEmpty()) {
      return List.of();
    }
    List<String> asked =
        outer(sets.get()).stream().flatMap(vip -> onLink(vip, network.get()).stream()).toList();
    String setting = facts.sysctls().shown(IGNORE);
    if (asked.isEmpty() || !facts.sysctls().is(IGNORE, 0)) {
      return List.of(Finding.ok(ID, "no ARP answer of this node is in anybody's way", setting));
    }
    List<String> evidence = new ArrayList<>(List.of(setting));
    evidence.addAll(asked);
    return List.of(
        Finding.of(
                ID,
                Severity.WARNING,
                "this node answers ARP for addresses of load balancers, as does every other",
                evidence)
            .remedy("kube-ipvs run --ipvs-strict-arp (MetalLB in layer 2 needs it)"));
  }

  private static Set<IpAddress> outer(List<ObservedSet> sets) {
    Set<IpAddress> addresses = new TreeSet<>();
    for (ObservedSet set : sets) {
      if (OUTER.contains(set.header().name().value())) {
        for (SetEntry entry : set.entries()) {
          if (entry instanceof SetEntry.IpPort own) {
            addresses.add(own.address());
          }
        }
      }
    }
    return addresses;
  }

  /** Neighbours ask only for addresses of their own network; the node's own are its own. */
  private static Optional<String> onLink(IpAddress vip, Network network) {
    List<LinkAddress> there = network.nodeAddresses();
    if (there.stream().anyMatch(address -> address.address().equals(vip))) {
      return Optional.empty();
    }
    return there.stream()
        .filter(address -> address.address().family() == vip.family())
        .filter(address -> new IpPrefix(address.address(), address.prefixLength()).contains(vip))
        .findFirst()
        .map(address -> vip + " is in " + address + " of " + network.linkName(address.linkIndex()));
  }
}
