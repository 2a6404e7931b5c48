package io.kubeipvs.proxy.inspect.memory;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.iptables.Family;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.ipvs.IpvsInfo;
import io.kubeipvs.ipvs.IpvsTimeouts;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.inspect.IpvsTable;
import io.kubeipvs.proxy.inspect.KernelState;
import io.kubeipvs.proxy.inspect.Part;
import io.kubeipvs.proxy.inspect.Routing;
import io.kubeipvs.proxy.inspect.ToolRules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Begins as a {@link KernelState}, in which what is missing counts as empty. */
public final class MemoryKernel {
  private static final IpvsTable EMPTY =
      new IpvsTable(new IpvsInfo(0, 0), new IpvsTimeouts(0, 0, 0), List.of());

  private final KernelState began;
  private final MemoryIpvs ipvs;
  private final MemorySets sets;
  private final MemoryRoutes routes;
  private final MemoryConntrack conntrack;
  private final Map<AddressFamily, MemoryIptables> rules = new EnumMap<>(AddressFamily.class);

  /**
   * @param refused schedulers it does not have; apart from them it has those the state names, or
   *     any where that is not known
   */
  public MemoryKernel(KernelState state, Set<Scheduler> refused) {
    this.began = state;
    this.ipvs = new MemoryIpvs(state.ipvs().orElse(EMPTY), offered(state, refused));
    this.sets = new MemorySets(state.sets().orElse(List.<ObservedSet>of()));
    this.routes = new MemoryRoutes(state.routing().orElse(Routing.NONE));
    this.conntrack = new MemoryConntrack(state.flows().orElse(List.<Flow>of()));
    for (AddressFamily family : state.families()) {
      rules.put(family, new MemoryIptables(toolFamily(family), saved(state, family)));
    }
  }

  private static Predicate<Scheduler> offered(KernelState state, Set<Scheduler> refused) {
    List<String> known = new ArrayList<>(state.schedulers().orElse(List.of()));
    state.ipvs().value().stream()
        .flatMap(table -> table.entries().stream())
        .forEach(entry -> known.add(entry.service().scheduler().name()));
    boolean anything = !state.schedulers().isPresent();
    return scheduler ->
        !refused.contains(scheduler) && (anything || known.contains(scheduler.name()));
  }

  private static Family toolFamily(AddressFamily family) {
    return family == AddressFamily.IPV4 ? Family.IPV4 : Family.IPV6;
  }

  private static SavedRules saved(KernelState state, AddressFamily family) {
    return state.rules().value().stream()
        .flatMap(List::stream)
        .filter(rules -> rules.family() == family)
        .map(ToolRules::saved)
        .findFirst()
        .orElse(SavedRules.NONE);
  }

  /** To be observed and written like any other. */
  public Kernel gateways() {
    return new Kernel(ipvs, sets, routes, conntrack, Map.<AddressFamily, Iptables>copyOf(rules));
  }

  /** What it holds now. */
  public KernelState state() {
    return new KernelState(
        began.release(),
        began.ipv6(),
        Part.of(ipvs.table()),
        Part.of(sets.list()),
        Part.of(routes.routing()),
        Part.of(toolRules()),
        began.connections(),
        Part.of(conntrack.all()),
        began.schedulers(),
        began.sysctls());
  }

  private List<ToolRules> toolRules() {
    List<ToolRules> now = new ArrayList<>();
    for (Map.Entry<AddressFamily, MemoryIptables> family : rules.entrySet()) {
      ToolRules before =
          began.rules().value().stream()
              .flatMap(List::stream)
              .filter(each -> each.family() == family.getKey())
              .findFirst()
              .orElse(new ToolRules(family.getKey(), "", true, SavedRules.NONE));
      SavedRules saved = family.getValue().save();
      now.add(new ToolRules(family.getKey(), before.tool(), before.randomFully(), saved));
    }
    return now;
  }
}
