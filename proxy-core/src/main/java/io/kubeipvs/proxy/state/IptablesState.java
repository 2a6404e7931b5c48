package io.kubeipvs.proxy.state;

import io.kubeipvs.iptables.PartDiffer;
import io.kubeipvs.iptables.Restore;
import io.kubeipvs.iptables.RuleDiffer;
import io.kubeipvs.iptables.RulePart;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.iptables.Table;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.Claim;
import io.kubeipvs.proxy.plan.iptables.RulePortal;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The sum of all plans of one family in iptables mode: what the tables should hold. A change is
 * answered by what it takes to bring a kernel from the former sum to the new one, which depends on
 * the Services that changed alone.
 *
 * <p>What only one Service can have (a {@link Claim}) goes to the oldest that asks, by creation
 * time and then by name; the others' way in is left out until the conflict ends.
 *
 * <p>Belongs to the sync thread.
 */
public final class IptablesState {
  private static final Comparator<RulePortal> SENIORITY =
      Comparator.comparing(RulePortal::created).thenComparing(RulePortal::port);

  private RuleSet constants;
  private final SortedMap<ServiceName, ServiceRules> plans = new TreeMap<>();

  /** Who asks for what, oldest first. */
  private final Map<Claim, List<RulePortal>> claimants = new HashMap<>();

  /** What several ask for. */
  private final SortedSet<Claim> contested = new TreeSet<>();

  /** How many rules Services have, by table. */
  private final Map<Table, Integer> ofServices = new EnumMap<>(Table.class);

  private int entrances;
  private int endpoints;

  /**
   * @param constants what is there whatever Services there are
   */
  public IptablesState(RuleSet constants) {
    this.constants = constants;
  }

  /** Other constants, as when the node's addresses changed; a full comparison has to follow. */
  public void putConstants(RuleSet newConstants) {
    constants = newConstants;
  }

  /**
   * Puts plans in the place of the Services' former ones.
   *
   * @param changed no Service twice; one that is gone asks for {@linkplain ServiceRules#nothing
   *     nothing}
   */
  public RuleChange put(Collection<ServiceRules> changed) {
    SortedSet<ServiceName> concerned = new TreeSet<>();
    for (ServiceRules plan : changed) {
      concerned.add(plan.service());
      addRivals(plan, concerned);
      addRivals(plan(plan.service()), concerned);
    }
    List<RulePart> partsBefore = parts(concerned);
    List<RulePortal> portalsBefore = portals(concerned);
    changed.forEach(this::exchange);
    List<RulePart> partsAfter = parts(concerned);
    count(partsBefore, -1);
    count(partsAfter, 1);
    return new RuleChange(
        PartDiffer.diff(constants.family(), partsBefore, partsAfter),
        FlowChange.forgotten(portalsBefore, portals(concerned)));
  }

  /** As {@link #put}, for many; a full comparison has to follow. */
  public void fill(Collection<ServiceRules> all) {
    all.forEach(this::exchange);
    ofServices.clear();
    count(parts(plans.keySet()), 1);
  }

  /** How many ways into Services there are, contested ones counted once for each. */
  public int entrances() {
    return entrances;
  }

  /** How many endpoints the ports of all Services have together. */
  public int endpoints() {
    return endpoints;
  }

  /** How many rules there should be, by table. */
  public Map<Table, Integer> ruleCounts() {
    Map<Table, Integer> counts = new EnumMap<>(ofServices);
    constants
        .chains()
        .forEach((chain, rules) -> counts.merge(chain.table(), rules.size(), Integer::sum));
    constants.jumps().forEach(jump -> counts.merge(jump.table(), 1, Integer::sum));
    return counts;
  }

  private void count(List<RulePart> parts, int sign) {
    for (RulePart part : parts) {
      part.chains()
          .forEach(
              (chain, rules) -> ofServices.merge(chain.table(), sign * rules.size(), Integer::sum));
      part.shared().forEach(shared -> ofServices.merge(shared.chain().table(), sign, Integer::sum));
    }
  }

  /**
   * Which of these flows go to a Service and are answered by none of its endpoints, as after a time
   * in which nobody looked after them.
   */
  public Set<FlowFilter> astray(Collection<Flow> flows) {
    return FlowChange.astray(portals(plans.keySet()), flows);
  }

  /** Where flows of UDP and SCTP may lead. */
  public Set<ServerKey> flowServers() {
    Set<ServerKey> servers = new HashSet<>();
    portals(plans.keySet()).forEach(portal -> servers.addAll(portal.servers()));
    return servers;
  }

  /** All that is wanted. */
  public RuleSet wanted() {
    return constants.with(parts(plans.keySet()));
  }

  /** What these Services have, with what is constant, in a set that takes nothing away. */
  public RuleSet wantedOnlyAdding(Collection<ServiceName> services) {
    return constants.with(parts(services)).onlyAdding();
  }

  public Set<ServiceName> services() {
    return Collections.unmodifiableSet(plans.keySet());
  }

  /** What it takes to make a kernel that holds {@code observed} right; nothing when it is. */
  public Restore repair(SavedRules observed) {
    return RuleDiffer.diff(wanted(), observed);
  }

  public ServiceRules plan(ServiceName service) {
    ServiceRules plan = plans.get(service);
    return plan != null ? plan : ServiceRules.nothing(service);
  }

  /** Who lost what to whom, in order. */
  public List<Conflict> conflicts() {
    SortedSet<Conflict> conflicts = new TreeSet<>();
    for (Claim claim : contested) {
      List<RulePortal> portals = claimants.getOrDefault(claim, List.of());
      for (RulePortal loser : portals.subList(1, portals.size())) {
        conflicts.add(new Conflict(claim, loser.port(), portals.get(0).port()));
      }
    }
    return List.copyOf(conflicts);
  }

  private void addRivals(ServiceRules plan, SortedSet<ServiceName> concerned) {
    for (RulePortal portal : plan.portals()) {
      portal
          .claim()
          .map(claim -> claimants.getOrDefault(claim, List.of()))
          .ifPresent(all -> all.forEach(rival -> concerned.add(rival.port().service())));
    }
  }

  private void exchange(ServiceRules plan) {
    ServiceRules former = plan(plan.service());
    former.portals().forEach(this::withdraw);
    entrances += plan.entrances() - former.entrances();
    endpoints += plan.endpoints() - former.endpoints();
    if (plan.equals(ServiceRules.nothing(plan.service()))) {
      plans.remove(plan.service());
    } else {
      plans.put(plan.service(), plan);
      plan.portals().forEach(this::enter);
    }
  }

  private void enter(RulePortal portal) {
    portal
        .claim()
        .ifPresent(
            claim -> {
              List<RulePortal> all = new ArrayList<>(claimants.getOrDefault(claim, List.of()));
              all.add(portal);
              all.sort(SENIORITY);
              claimants.put(claim, List.copyOf(all));
              if (all.size() > 1) {
                contested.add(claim);
              }
            });
  }

  private void withdraw(RulePortal portal) {
    portal
        .claim()
        .ifPresent(
            claim ->
                claimants.computeIfPresent(
                    claim,
                    (any, all) -> {
                      List<RulePortal> left =
                          all.stream().filter(other -> !other.equals(portal)).toList();
                      if (left.size() < 2) {
                        contested.remove(claim);
                      }
                      return left.isEmpty() ? null : left;
                    }));
  }

  private List<RulePart> parts(Collection<ServiceName> services) {
    List<RulePart> parts = new ArrayList<>(services.size());
    for (ServiceName service : services) {
      ServiceRules plan = plan(service);
      parts.add(plan.part(inForce(plan)));
    }
    return parts;
  }

  private List<RulePortal> portals(Collection<ServiceName> services) {
    return services.stream().flatMap(service -> inForce(plan(service)).stream()).toList();
  }

  private List<RulePortal> inForce(ServiceRules plan) {
    return plan.portals().stream().filter(this::isInForce).toList();
  }

  private boolean isInForce(RulePortal portal) {
    return portal.claim().stream()
        .allMatch(claim -> claimants.getOrDefault(claim, List.of()).indexOf(portal) == 0);
  }
}
