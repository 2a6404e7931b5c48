package io.kubeipvs.proxy.state;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.netlink.conntrack.FlowTuple;
import io.kubeipvs.proxy.plan.iptables.RulePortal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which flows a change leaves behind. Translation is decided once for a flow, and one without a
 * handshake lives as long as its client sends: to a server that is gone, or past a Service that had
 * none.
 */
final class FlowChange {
  private FlowChange() {}

  /**
   * @param before portals that were in force
   * @param after those that are; no two of either have the same flows
   */
  static List<FlowFilter> forgotten(Collection<RulePortal> before, Collection<RulePortal> after) {
    Map<FlowFilter, Set<ServerKey>> had = servers(before);
    Map<FlowFilter, Set<ServerKey>> has = servers(after);
    List<FlowFilter> forgotten = new ArrayList<>();
    had.forEach(
        (flows, servers) -> {
          Set<ServerKey> kept = has.getOrDefault(flows, Set.of());
          servers.stream()
              .filter(server -> !kept.contains(server))
              .forEach(gone -> forgotten.add(flows.answeredBy(gone.address(), gone.port())));
        });
    has.forEach(
        (flows, servers) -> {
          if (!servers.isEmpty() && had.getOrDefault(flows, Set.of()).isEmpty()) {
            forgotten.add(flows);
          }
        });
    return forgotten;
  }

  /** The flows to these portals that none of their servers answers, where there are any. */
  static Set<FlowFilter> astray(Collection<RulePortal> portals, Collection<Flow> flows) {
    Map<FlowFilter, Set<ServerKey>> servers = servers(portals);
    Set<FlowFilter> astray = new LinkedHashSet<>();
    for (Flow flow : flows) {
      FlowTuple to = flow.original();
      ServerKey by = new ServerKey(flow.reply().source(), flow.reply().sourcePort());
      FlowFilter filter = FlowFilter.to(flow.protocol(), to.destination(), to.destinationPort());
      if (!servers.containsKey(filter)) {
        filter = FlowFilter.toPort(flow.family(), flow.protocol(), to.destinationPort());
      }
      Set<ServerKey> known = servers.getOrDefault(filter, Set.of());
      if (!known.isEmpty() && !known.contains(by)) {
        astray.add(filter.answeredBy(by.address(), by.port()));
      }
    }
    return astray;
  }

  private static Map<FlowFilter, Set<ServerKey>> servers(Collection<RulePortal> portals) {
    Map<FlowFilter, Set<ServerKey>> servers = new LinkedHashMap<>();
    for (RulePortal portal : portals) {
      portal.flows().ifPresent(flows -> servers.put(flows, portal.servers()));
    }
    return servers;
  }
}
