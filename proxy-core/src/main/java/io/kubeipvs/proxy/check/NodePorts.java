package io.kubeipvs.proxy.check;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.check.facts.NodeFacts;
import io.kubeipvs.proxy.plan.Claim;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the sets claim. */
final class NodePorts {
  private NodePorts() {}

  /** A node port that is served. */
  record NodePort(Protocol protocol, int port) {}

  static Set<Claim> claims(List<ObservedSet> sets) {
    Set<Claim> claims = new TreeSet<>();
    for (ObservedSet set : sets) {
      for (SetEntry entry : set.entries()) {
        KubeSets.claim(set.header().name(), entry).ifPresent(claims::add);
      }
    }
    return claims;
  }

  static List<NodePort> of(NodeFacts facts) {
    return facts.sets().map(NodePorts::claims).value().orElse(Set.of()).stream()
        .filter(Claim.NodePort.class::isInstance)
        .map(Claim.NodePort.class::cast)
        .map(claim -> new NodePort(claim.protocol(), claim.port()))
        .toList();
  }
}
