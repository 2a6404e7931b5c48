package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.ChainKey;
import io.kubeipvs.iptables.Rule;
import io.kubeipvs.iptables.RulePart;
import io.kubeipvs.iptables.Target;
import io.kubeipvs.proxy.model.ServiceName;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one Service asks of one family's tables: the unit of planning and of loading.
 *
 * @param chains its own, with all their rules; nobody else writes into them
 * @param portals how packets get there; no two have the same claim
 */
public record ServiceRules(
    ServiceName service, SortedMap<ChainKey, List<Rule>> chains, List<RulePortal> portals) {

  public ServiceRules {
    chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
    portals = List.copyOf(portals);
  }

  /** All of it, as if no claim were contested. */
  public RulePart part() {
    return part(portals);
  }

  /**
   * The rules as far as they are in force.
   *
   * @param inForce some of {@code portals}
   */
  public RulePart part(List<RulePortal> inForce) {
    return new RulePart(
        chains, inForce.stream().flatMap(portal -> portal.rules().stream()).toList());
  }

  /**
   * The same, without the ways in that another plan of the same Service does not claim: somebody
   * else may rightly have them.
   */
  public ServiceRules asFarAsClaimedBy(ServiceRules newest) {
    return new ServiceRules(service, chains, portals.stream().filter(newest::hasClaimOf).toList());
  }

  private boolean hasClaimOf(RulePortal other) {
    return portals.stream()
        .anyMatch(
            own -> own.claim().equals(other.claim()) && own.created().equals(other.created()));
  }

  /** Whether a cluster IP of it is closed, although there are endpoints elsewhere. */
  public boolean dropsInternal() {
    return drops(KubeChains.UNSERVED);
  }

  /** Whether what comes from outside finds it closed, although there are endpoints elsewhere. */
  public boolean dropsExternal() {
    return drops(KubeChains.UNSERVED_EXTERNAL);
  }

  private boolean drops(ChainKey chain) {
    return portals.stream()
        .flatMap(portal -> portal.rules().stream())
        .anyMatch(
            shared ->
                shared.chain().equals(chain)
                    && shared.rule().target().filter(Target.Verdict.DROP::equals).isPresent());
  }

  /** How many ways in it has. */
  public int entrances() {
    return (int) portals.stream().filter(portal -> portal.claim().isPresent()).count();
  }

  /** How many endpoints its ports have together. */
  public int endpoints() {
    return (int)
        chains.keySet().stream()
            .filter(chain -> chain.name().value().startsWith(PortChains.ENDPOINT))
            .count();
  }

  /** What a Service that is gone asks for. */
  public static ServiceRules nothing(ServiceName service) {
    return new ServiceRules(service, Collections.emptySortedMap(), List.of());
  }
}
