package io.kubeipvs.proxy.check;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.check.facts.Balancing;
import io.kubeipvs.proxy.check.facts.Network;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.plan.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A VIP without a virtual service leads nowhere; without the VIP, a service is never asked. */
final class VipsCheck implements Check {
  static final String ID = "vips";

  @Override
  public List<Finding> look(NodeFacts facts) {
    Optional<Balancing> table = facts.balancing().value();
    Optional<Network> network = facts.network().value();
    Optional<List<ObservedSet>> sets = facts.sets().value();
    if (table.isEmpty() || network.isEmpty() || sets.isEmpty()) {
      return List.of();
    }
    Set<IpAddress> vips = new TreeSet<>(network.get().routedVips());
    vips.addAll(network.get().deviceVips());
    Set<IpAddress> served = table.get().addresses();
    Set<IpAddress> idle = new TreeSet<>(vips);
    idle.removeAll(served);
    List<Finding> findings = new ArrayList<>();
    if (!idle.isEmpty()) {
      findings.add(idle(idle));
    }
    Set<IpAddress> unbound = claimed(sets.get());
    unbound.retainAll(served);
    unbound.removeAll(network.get().local());
    if (!unbound.isEmpty()) {
      findings.add(unbound(unbound));
    }
    return findings.isEmpty()
        ? List.of(
            Finding.ok(ID, "VIPs and virtual services belong together", vips.size() + " VIPs"))
        : findings;
  }

  private static Set<IpAddress> claimed(List<ObservedSet> sets) {
    Set<IpAddress> addresses = new TreeSet<>();
    for (Claim claim : NodePorts.claims(sets)) {
      if (claim instanceof Claim.Address own) {
        addresses.add(own.key().address());
      }
    }
    return addresses;
  }

  private static Finding idle(Set<IpAddress> idle) {
    return Finding.of(
            ID,
            Severity.WARNING,
            "VIPs are local here and have no virtual service: what is sent there is lost",
            texts(idle))
        .remedy("start kube-ipvs; its first look removes what no Service asks for");
  }

  private static Finding unbound(Set<IpAddress> unbound) {
    return Finding.of(
            ID,
            Severity.ERROR,
            "virtual services have addresses that are not local here: packets pass by",
            texts(unbound))
        .remedy("start kube-ipvs; its next look binds them");
  }

  private static List<String> texts(Set<IpAddress> addresses) {
    return addresses.stream().map(Object::toString).toList();
  }
}
