package io.kubeipvs.proxy.state;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.proxy.plan.iptables.RulePortal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
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

  private static Map<FlowFilter, Set<ServerKey>> servers(Collection<RulePortal> portals) {
    Map<FlowFilter, Set<ServerKey>> servers = new LinkedHashMap<>();
    for (RulePortal portal : portals) {
      portal.flows().ifPresent(flows -> servers.put(flows, portal.servers()));
    }
    return servers;
  }
}
