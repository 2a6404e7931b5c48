package io.kubeipvs.proxy.sync;

import io.kubeipvs.iptables.Obsolete;
import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.apply.InterfaceAddresses;
import io.kubeipvs.proxy.apply.Kernel;
import io.kubeipvs.proxy.apply.RuleFigures;
import io.kubeipvs.proxy.apply.RuleLoader;
import io.kubeipvs.proxy.diff.ModeRemains;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.ServerPlace;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.PlanSettings;
import io.kubeipvs.proxy.plan.iptables.IptablesPlanner;
import io.kubeipvs.proxy.plan.iptables.IptablesSettings;
import io.kubeipvs.proxy.plan.iptables.ServiceRules;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.state.Conflict;
import io.kubeipvs.proxy.state.IptablesState;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * As {@link SyncLoop}, in iptables mode: plan the Services that changed, load what that changes.
 * Each family has tables of its own, and a {@link RuleLoader} that knows whether it has to read
 * them.
 */
public final class IptablesLoop implements Syncer {
  private static final Logger LOG = LogManager.getLogger(IptablesLoop.class);

  private final ChangeTracker tracker;
  private final InterfaceAddresses interfaces;
  private final IptablesModeSettings settings;
  private final SyncListener listener;
  private final NodeContext context;
  private final IpvsRetreat retreat;
  private final Map<AddressFamily, RuleLoader> loaders = new EnumMap<>(AddressFamily.class);

  /** What changed and is not planned yet. */
  private final SortedSet<ServiceName> dirty = new TreeSet<>();

  private final SortedMap<ServiceName, String> unplannable = new TreeMap<>();
  private boolean replanDue = true;
  private boolean begun;

  /** Whether something of IPVS mode is left. */
  private boolean leaving;

  /** The end of it has failed once: only looks try it again. */
  private boolean stuck;

  private List<String> leavingProblems = List.of();
  private List<Problem> problems = List.of();

  /** Whether the last sync left nothing undone: then what the next look finds is drift. */
  private boolean clean;

  private long syncs;
  private long operations;
  private @Nullable Instant lastSuccess;
  private volatile SyncStatus status = SyncStatus.NEVER;
  private volatile Map<AddressFamily, RuleFigures> figures = Map.of();

  /**
   * @param retreat from IPVS, where that has served before
   * @param generation of nf_tables, as {@link RuleLoader} has it
   * @param listener is told what was planned, on the thread that syncs
   */
  public IptablesLoop(
      ChangeTracker tracker,
      Kernel kernel,
      InterfaceAddresses interfaces,
      IptablesModeSettings settings,
      IpvsRetreat retreat,
      RuleLoader.GenerationReader generation,
      SyncListener listener) {
    this.retreat = retreat;
    this.tracker = tracker;
    this.interfaces = interfaces;
    this.settings = settings;
    this.listener = listener;
    this.context =
        new NodeContext(
            settings.initialNode(),
            PlanSettings.DEFAULT,
            settings.nodePortRanges(),
            settings.nodePortsOnPrimary());
    kernel
        .iptables()
        .forEach(
            (family, tool) -> {
              IptablesState state = new IptablesState(constants(family));
              loaders.put(family, new RuleLoader(tool, kernel.conntrack(), state, generation));
            });
  }

  private IptablesSettings rulesSettings() {
    return settings.of(context.node(), context.nodePortRanges());
  }

  @Override
  public SyncReport syncOnce(boolean full, Instant now) throws IOException {
    if (!tracker.isListed()) {
      throw new IllegalStateException("nothing may be programmed before everything is listed");
    }
    SyncClock clock = new SyncClock();
    ChangeTracker.Changes changes = tracker.take();
    dirty.addAll(changes.dirty());
    changes.problems().ifPresent(all -> problems = all);
    replanDue |= changes.node().map(context::tell).orElse(false);
    boolean look = full || replanDue;
    listener.began(changes, look);
    if (look) {
      replanDue |= context.see(interfaces.read());
      if (!begun) {
        lookForIpvs();
        begun = true;
      }
      clock.lap("observe");
    }
    if (replanDue) {
      dirty.addAll(tracker.names());
      dirty.addAll(plannedServices());
      putConstants();
    }
    int planned = dirty.size();
    Map<AddressFamily, List<ServiceRules>> plans = planDirty();
    replanDue = false;
    clock.lap("plan");
    Loads loads = new Loads();
    plans.forEach((family, ofFamily) -> loads.add(loader(family).load(ofFamily, look)));
    if (leaving && (look || !stuck) && loads.rulesStand()) {
      leaveIpvs(look, loads, now);
    }
    clock.lap("apply");
    return finish(look, planned, loads, clock, now);
  }

  private void lookForIpvs() throws IOException {
    leaving = retreat.isDue();
    if (leaving) {
      LOG.info("IPVS mode has served until now: its connections go on until they end");
      loaders.values().forEach(RuleLoader::beginWithNat);
    }
  }

  /** New connections are translated by now; those that IPVS has go on until they end. */
  private void leaveIpvs(boolean look, Loads loads, Instant now) {
    IpvsRetreat.Step step = retreat.step(look, this::flowServers, now);
    loads.done.addAll(step.done());
    leavingProblems = step.problems();
    if (retreat.isDraining() || !step.problems().isEmpty()) {
      return;
    }
    leaving = false;
    putConstants();
    loaders.values().forEach(loader -> loads.add(loader.load(List.of(), false)));
    if (loads.rulesStand()) {
      IpvsRetreat.Step last = retreat.finish();
      loads.done.addAll(last.done());
      leavingProblems = last.problems();
    }
    leaving = !loads.rulesStand() || !leavingProblems.isEmpty();
    stuck = leaving;
  }

  @Override
  public Map<ServerPlace, Instant> drainDeadlines() {
    return retreat.drainDeadlines();
  }

  private Set<ServerKey> flowServers() {
    Set<ServerKey> servers = new HashSet<>();
    loaders.values().forEach(loader -> servers.addAll(loader.state().flowServers()));
    return servers;
  }

  private RuleLoader loader(AddressFamily family) {
    RuleLoader loader = loaders.get(family);
    if (loader == null) {
      throw new IllegalArgumentException("no tables of " + family);
    }
    return loader;
  }

  private Set<ServiceName> plannedServices() {
    Set<ServiceName> all = new TreeSet<>();
    loaders.values().forEach(loader -> all.addAll(loader.state().services()));
    return all;
  }

  private void putConstants() {
    loaders.forEach((family, loader) -> loader.putConstants(constants(family)));
  }

  /** What takes IPVS mode's place at once, and in the end all that it had. */
  private RuleSet constants(AddressFamily family) {
    RuleSet own = IptablesPlanner.constants(family, context.plan(), rulesSettings());
    Obsolete others = leaving ? ModeRemains.inTheWayOfIptables(family) : ModeRemains.ofIpvs(family);
    return own.withObsolete(own.obsolete().and(others));
  }

  /** What differs from the former plans, for each family that there is. */
  private Map<AddressFamily, List<ServiceRules>> planDirty() {
    Map<AddressFamily, List<ServiceRules>> plans = new EnumMap<>(AddressFamily.class);
    loaders.keySet().forEach(family -> plans.put(family, new ArrayList<>()));
    IptablesSettings rules = rulesSettings();
    for (ServiceName name : dirty) {
      try {
        Map<AddressFamily, ServiceRules> ofService = plan(name, rules);
        ofService.forEach(
            (family, plan) -> {
              if (!plan.equals(loader(family).planned(name))) {
                plans.getOrDefault(family, new ArrayList<>()).add(plan);
              }
            });
        unplannable.remove(name);
      } catch (RuntimeException e) {
        // A defect of ours that one Service brings out must not stop the others. It keeps the plan
        // it had.
        LOG.error("Service {} cannot be planned, which is a defect of kube-ipvs", name, e);
        unplannable.put(name, "Service " + name + " cannot be planned: " + e);
      }
    }
    dirty.clear();
    return plans;
  }

  private Map<AddressFamily, ServiceRules> plan(ServiceName name, IptablesSettings rules) {
    ChangeTracker.Input input = tracker.input(name);
    Map<AddressFamily, ServiceRules> plans = new EnumMap<>(AddressFamily.class);
    Optional<Service> service = input.service().map(each -> each.onlyIn(loaders.keySet()));
    for (AddressFamily family : loaders.keySet()) {
      plans.put(
          family,
          service
              .map(
                  each -> IptablesPlanner.plan(each, family, input.slices(), context.plan(), rules))
              .orElse(ServiceRules.nothing(name)));
    }
    service.ifPresentOrElse(
        each -> listener.plannedRules(each, input.slices(), plans), () -> listener.gone(name));
    return plans;
  }

  /** The loads of one sync together. */
  private static final class Loads {
    private final List<Operation> done = new ArrayList<>();
    private final List<Repair> repairs = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private int forgottenFlows;

    /** Whatever single Services and old flows are refused. */
    boolean rulesStand() {
      return failures.stream().noneMatch(each -> each.operation() instanceof Operation.Rules);
    }

    void add(RuleLoader.Loaded loaded) {
      done.addAll(loaded.done());
      loaded.repairs().forEach(each -> repairs.add(new Repair(each, null)));
      failures.addAll(loaded.failures());
      forgottenFlows += loaded.forgottenFlows();
    }
  }

  private SyncReport finish(boolean look, int planned, Loads loads, SyncClock clock, Instant now) {
    syncs++;
    operations += loads.done.size();
    if (loads.failures.isEmpty()) {
      lastSuccess = now;
    }
    List<Repair> repairs = clean ? loads.repairs : List.of();
    clean = loads.failures.isEmpty();
    Map<AddressFamily, RuleFigures> counted = new EnumMap<>(AddressFamily.class);
    loaders.forEach((family, loader) -> counted.put(family, loader.figures()));
    figures = Map.copyOf(counted);
    status = status(loads.failures);
    return new SyncReport(
        look,
        planned,
        loads.done,
        loads.failures,
        repairs,
        clock.laps(Map.of()),
        loads.forgottenFlows,
        clock.total());
  }

  private SyncStatus status(List<Failure> failures) {
    Collection<RuleLoader> all = loaders.values();
    List<Failure> standing =
        Stream.concat(failures.stream(), all.stream().flatMap(each -> each.refused().stream()))
            .distinct()
            .toList();
    SortedSet<Conflict> conflicts = new TreeSet<>();
    all.forEach(each -> conflicts.addAll(each.state().conflicts()));
    return new SyncStatus(
        syncs,
        Optional.ofNullable(lastSuccess),
        operations,
        standing,
        problems,
        List.copyOf(conflicts),
        Stream.concat(
                loaders.entrySet().stream()
                    .flatMap(
                        each ->
                            each.getValue().obstacles().stream()
                                .map(problem -> each.getKey() + " rules: " + problem)),
                Stream.concat(unplannable.values().stream(), leavingProblems.stream()))
            .toList(),
        all.stream().mapToInt(each -> each.state().entrances()).sum(),
        all.stream().mapToInt(each -> each.state().endpoints()).sum(),
        leaving ? retreat.drainingServices() : 0);
  }

  @Override
  public boolean isDraining() {
    return leaving && retreat.isDraining();
  }

  @Override
  public NodeAddresses addresses() {
    return context.plan().addresses();
  }

  @Override
  public SyncStatus status() {
    return status;
  }

  /** What the tables of each family should hold; belongs to the sync thread. */
  public Map<AddressFamily, IptablesState> desired() {
    Map<AddressFamily, IptablesState> states = new EnumMap<>(AddressFamily.class);
    loaders.forEach((family, loader) -> states.put(family, loader.state()));
    return states;
  }

  /** How many rules there are, as of the last sync. From any thread. */
  public Map<AddressFamily, RuleFigures> figures() {
    return figures;
  }
}
