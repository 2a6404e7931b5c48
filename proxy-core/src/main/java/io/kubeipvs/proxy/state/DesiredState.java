package io.kubeipvs.proxy.state;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.Claim;
import io.kubeipvs.proxy.plan.PlannedService;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.plan.SetMember;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sum of all plans: what should be in the kernel. A plan is put in or taken out in time that
 * depends on the plan alone, and the answer says which places in the kernel it may concern.
 *
 * <p>Set members and VIPs that several portals share are counted. What only one Service can have (a
 * {@link Claim}) goes to the oldest that asks, by creation time and then by name; a portal that
 * loses any of its claims is left out as a whole, until the conflict ends.
 *
 * <p>Belongs to the sync thread.
 */
public final class DesiredState {
  private static final Comparator<Portal> SENIORITY =
      Comparator.comparing(Portal::created).thenComparing(Portal::port);

  private final Map<ServiceName, ServicePlan> plans = new HashMap<>();

  /** Who asks for what, oldest first. */
  private final Map<Claim, List<Portal>> claimants = new HashMap<>();

  private final Set<Portal> losers = new HashSet<>();
  private final Map<ServiceKey, PlannedService> services = new HashMap<>();
  private final Map<SetName, Map<SetEntry, Integer>> members = new HashMap<>();
  private final Map<IpAddress, Integer> vips = new HashMap<>();

  /** Puts a plan in the place of the Service's former one; what may have changed. */
  public Footprint put(ServicePlan plan) {
    ServicePlan former = plans.get(plan.service());
    List<Portal> portals = former == null ? plan.portals() : keptWhereEqual(former, plan);
    plans.put(plan.service(), new ServicePlan(plan.service(), portals));
    return replace(former, portals);
  }

  /** Takes the Service's plan out; what may have changed. */
  public Footprint remove(ServiceName service) {
    return replace(plans.remove(service), List.of());
  }

  /** The portals planned, and for those that are as they were the very values they had. */
  private static List<Portal> keptWhereEqual(ServicePlan former, ServicePlan plan) {
    Map<Portal, Portal> known = new HashMap<>();
    former.portals().forEach(portal -> known.put(portal, portal));
    return plan.portals().stream().map(portal -> known.getOrDefault(portal, portal)).toList();
  }

  private Footprint replace(@Nullable ServicePlan former, List<Portal> portals) {
    List<Portal> before = former == null ? List.of() : former.portals();
    Set<Portal> same = new HashSet<>(before);
    same.retainAll(new HashSet<>(portals));
    List<Portal> leaving = before.stream().filter(p -> !same.contains(p)).toList();
    List<Portal> coming = portals.stream().filter(p -> !same.contains(p)).toList();
    return exchange(leaving, coming);
  }

  private Footprint exchange(List<Portal> leaving, List<Portal> coming) {
    Set<Portal> rivals = new HashSet<>();
    for (Portal portal : leaving) {
      rivals.addAll(claimantsOf(portal));
    }
    for (Portal portal : coming) {
      rivals.addAll(claimantsOf(portal));
    }
    rivals.forEach(this::deactivate);
    leaving.stream().filter(p -> !rivals.contains(p)).forEach(this::deactivate);
    leaving.forEach(this::withdraw);
    leaving.forEach(rivals::remove);
    coming.forEach(this::enter);
    coming.forEach(this::activate);
    rivals.forEach(this::activate);
    Footprint footprint = Footprint.of(leaving);
    footprint.addAll(Footprint.of(coming));
    footprint.addAll(Footprint.of(rivals));
    return footprint;
  }

  private Set<Portal> claimantsOf(Portal portal) {
    Set<Portal> found = new HashSet<>();
    for (Claim claim : claims(portal)) {
      found.addAll(claimants.getOrDefault(claim, List.of()));
    }
    return found;
  }

  /** Its own claim, and every key it would make: a NodePort on an address another has as VIP. */
  private static Set<Claim> claims(Portal portal) {
    if (portal.services().size() == 1
        && portal.claim().isPresent()
        && portal.claim().get() instanceof Claim.Address) {
      return Set.of(portal.claim().get());
    }
    Set<Claim> claims = new HashSet<>();
    portal.claim().ifPresent(claims::add);
    for (ServiceKey key : portal.services().keySet()) {
      claims.add(new Claim.Address((ServiceKey.Address) key));
    }
    return claims;
  }

  private void enter(Portal portal) {
    for (Claim claim : claims(portal)) {
      List<Portal> list = new ArrayList<>(claimants.getOrDefault(claim, List.of()));
      list.add(portal);
      list.sort(SENIORITY);
      claimants.put(claim, List.copyOf(list));
    }
  }

  private void withdraw(Portal portal) {
    for (Claim claim : claims(portal)) {
      List<Portal> left =
          claimants.getOrDefault(claim, List.of()).stream().filter(p -> !p.equals(portal)).toList();
      if (left.isEmpty()) {
        claimants.remove(claim);
      } else {
        claimants.put(claim, left);
      }
    }
    losers.remove(portal);
  }

  /** Wins when nobody older asks for any of its claims, whether that one wins or not. */
  private boolean wins(Portal portal) {
    return claims(portal).stream()
        .allMatch(claim -> eldest(claim).filter(portal::equals).isPresent());
  }

  private Optional<Portal> eldest(Claim claim) {
    return claimants.getOrDefault(claim, List.of()).stream().findFirst();
  }

  private void activate(Portal portal) {
    if (!wins(portal)) {
      losers.add(portal);
      return;
    }
    services.putAll(portal.services());
    portal.members().forEach(m -> membersOf(m.set()).merge(m.entry(), 1, Integer::sum));
    portal.vips().forEach(vip -> vips.merge(vip, 1, Integer::sum));
  }

  /** Of a portal that is in: one that lost left no trace. */
  private void deactivate(Portal portal) {
    if (losers.remove(portal)) {
      return;
    }
    portal.services().keySet().forEach(services::remove);
    portal
        .members()
        .forEach(m -> membersOf(m.set()).computeIfPresent(m.entry(), DesiredState::less));
    portal.vips().forEach(vip -> vips.computeIfPresent(vip, DesiredState::less));
  }

  private static <K> @Nullable Integer less(K key, int count) {
    return count == 1 ? null : count - 1;
  }

  private Map<SetEntry, Integer> membersOf(SetName set) {
    return members.computeIfAbsent(set, name -> new HashMap<>());
  }

  public @Nullable PlannedService service(ServiceKey key) {
    return services.get(key);
  }

  public boolean wants(SetMember member) {
    return members.getOrDefault(member.set(), Map.of()).containsKey(member.entry());
  }

  public boolean wantsVip(IpAddress address) {
    return vips.containsKey(address);
  }

  /** Whether it has all its claims; one that lost any is left out as a whole. */
  public boolean isInForce(Portal portal) {
    return !losers.contains(portal);
  }

  /** How many entries that set should hold. */
  public int size(SetName set) {
    return members.getOrDefault(set, Map.of()).size();
  }

  /** The places of everything that is wanted. */
  public Footprint footprint() {
    Footprint all = new Footprint();
    all.services().addAll(services.keySet());
    members.forEach(
        (set, entries) ->
            entries.keySet().forEach(entry -> all.members().add(new SetMember(set, entry))));
    all.vips().addAll(vips.keySet());
    return all;
  }

  public Collection<ServicePlan> plans() {
    return Collections.unmodifiableCollection(plans.values());
  }

  public Optional<ServicePlan> plan(ServiceName service) {
    return Optional.ofNullable(plans.get(service));
  }

  public int serviceCount() {
    return services.size();
  }

  public int serverCount() {
    return services.values().stream().mapToInt(service -> service.servers().size()).sum();
  }

  /** Who lost what to whom, in order. */
  public List<Conflict> conflicts() {
    Set<Conflict> conflicts = new TreeSet<>();
    for (Portal loser : losers) {
      for (Claim claim : claims(loser)) {
        eldest(claim)
            .filter(winner -> !winner.equals(loser))
            .ifPresent(winner -> conflicts.add(new Conflict(claim, loser.port(), winner.port())));
      }
    }
    return List.copyOf(conflicts);
  }
}
