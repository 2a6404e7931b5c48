package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.SharedRule;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.proxy.model.ServicePortName;
import io.kubeipvs.proxy.plan.Claim;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One way into a port of a Service: its rules in the chains that Services share. In force as a
 * whole or not at all, depending on who holds its claim.
 *
 * @param created when the owner's Service was created; the older one holds a contested claim
 * @param claim empty for what several may have, which is always in force
 * @param flows what comes this way, where its flows outlive the rules that made them: all but TCP
 * @param servers where those flows may lead; empty for TCP
 */
public record RulePortal(
    ServicePortName port,
    Instant created,
    Optional<Claim> claim,
    List<SharedRule> rules,
    Optional<FlowFilter> flows,
    SortedSet<ServerKey> servers) {

  public RulePortal {
    rules = List.copyOf(rules);
    servers =
        servers.isEmpty()
            ? Collections.emptySortedSet()
            : Collections.unmodifiableSortedSet(new TreeSet<>(servers));
  }
}
