package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.proxy.apply.ApplyReport;
import io.kubeipvs.proxy.apply.Executor;
import io.kubeipvs.proxy.apply.Failure;
import io.kubeipvs.proxy.apply.KernelMirror;
import io.kubeipvs.proxy.apply.KernelObserver;
import io.kubeipvs.proxy.apply.Observation;
import io.kubeipvs.proxy.diff.Batch;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.Differ;
import io.kubeipvs.proxy.diff.Ground;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.ServerPlace;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.ipvs.Planner;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.state.DesiredState;
import io.kubeipvs.proxy.state.Footprint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One sync after the other: take what changed, plan those Services, compare the places they concern
 * with the mirror, apply. A sync is full, and begins by looking at the whole kernel, at the start,
 * every period, after a failure, and when notifications were lost.
 *
 * <p>Has no thread and no clock: its owner calls {@link #syncOnce} and says what time it is.
 */
public final class SyncLoop {
  private static final Logger LOG = LogManager.getLogger(SyncLoop.class);

  /** How often a sync looks again at what drains before it leaves the rest to the next one. */
  private static final int SETTLING_ROUNDS = 2;

  private final ChangeTracker tracker;
  private final KernelObserver observer;
  private final Executor executor;
  private final SyncSettings settings;

  private final DesiredState desired = new DesiredState();
  private final DrainClock drains = new DrainClock();
  private PlanContext context;
  private boolean nodeTold;
  private boolean replanDue;
  private Ground ground;
  private DiffSettings diffSettings;
  private @Nullable KernelMirror mirror;
  private Footprint unsettled = new Footprint();
  private List<Problem> problems = List.of();
  private List<String> obstacles = List.of();
  private final SortedMap<ServiceName, String> unplannable = new TreeMap<>();
  private long syncs;
  private long operations;
  private @Nullable Instant lastSuccess;
  private volatile SyncStatus status = SyncStatus.NEVER;

  public SyncLoop(
      ChangeTracker tracker, KernelObserver observer, Executor executor, SyncSettings settings) {
    this.tracker = tracker;
    this.observer = observer;
    this.executor = executor;
    this.settings = settings;
    this.context = new PlanContext(settings.initialNode(), NodeAddresses.NONE, settings.plan());
    this.ground = settings.ground().of(settings.initialNode());
    this.diffSettings = settings.diff().of(settings.initialNode());
  }

  /**
   * Brings the kernel to what the cluster asks for now.
   *
   * @param full look at the whole kernel, not at the mirror
   * @throws IOException when the kernel cannot be observed; nothing was written then
   * @throws IllegalStateException before everything was listed once: the first comparison would
   *     delete the world
   */
  public SyncReport syncOnce(boolean full, Instant now) throws IOException {
    if (!tracker.isListed()) {
      throw new IllegalStateException("nothing may be programmed before everything is listed");
    }
    long start = System.nanoTime();
    ChangeTracker.Changes changes = tracker.take();
    boolean replan = changes.node().map(this::adoptTold).orElse(false) || replanDue;
    changes.problems().ifPresent(all -> problems = all);
    Footprint places = new Footprint();
    List<Operation> groundwork = List.of();
    KernelMirror seen = mirror;
    boolean look = full || replan || seen == null;
    if (look || seen == null) {
      Observation observation = observe(changes.dirty());
      seen = observation.mirror();
      replan |= adopt(observation.nodeAddresses());
      Ground.Missing missing = ground.diff(seen, observation.rules());
      groundwork = missing.operations();
      obstacles = missing.problems();
    }
    Set<ServiceName> dirty = replan ? everything(changes.dirty()) : changes.dirty();
    List<ServiceName> vital = VitalServices.among(dirty, tracker);
    vital.forEach(name -> places.addAll(plan(name)));
    Footprint vitalPlaces = new Footprint();
    vitalPlaces.addAll(places);
    dirty.stream().filter(name -> !vital.contains(name)).forEach(n -> places.addAll(plan(n)));
    replanDue = false;
    if (look) {
      places.addAll(desired.footprint());
      places.addAll(seen.footprint());
    }
    ApplyReport applied =
        vital.isEmpty()
            ? settleOrForget(places, groundwork, seen, now)
            : settleOrForget(vitalPlaces, groundwork, seen, now)
                .and(settleOrForget(places, List.of(), seen, now));
    learnRefusedSchedulers(applied.failures());
    Duration duration = Duration.ofNanos(System.nanoTime() - start);
    return finish(look, dirty.size(), applied, duration, now);
  }

  private Observation observe(Set<ServiceName> dirty) throws IOException {
    try {
      Observation observation = observer.observe(mirror);
      mirror = observation.mirror();
      unsettled = new Footprint();
      return observation;
    } catch (IOException e) {
      // What was taken must not be lost: plan it now, so that the next sync compares it.
      mirror = null;
      dirty.forEach(this::plan);
      throw e;
    }
  }

  private boolean adoptTold(NodeInfo node) {
    nodeTold = true;
    return adopt(node);
  }

  /** Whether anything that plans depend on is different now. */
  private boolean adopt(NodeInfo node) {
    if (node.equals(context.node())) {
      return false;
    }
    context = new PlanContext(node, context.addresses(), context.settings());
    ground = settings.ground().of(node);
    return true;
  }

  private boolean adopt(List<IpAddress> nodeAddresses) {
    boolean otherNode = !nodeTold && adopt(NodeInfo.guessed(context.node().name(), nodeAddresses));
    diffSettings = settings.diff().of(context.node().reachableAt(nodeAddresses));
    NodeAddresses chosen = NodeAddresses.choose(nodeAddresses, nodePortRanges());
    if (chosen.equals(context.addresses())) {
      return otherNode;
    }
    context = new PlanContext(context.node(), chosen, context.settings());
    return true;
  }

  private List<IpPrefix> nodePortRanges() {
    if (!settings.nodePortsOnPrimary()) {
      return settings.nodePortRanges();
    }
    List<IpPrefix> ranges = new ArrayList<>(settings.nodePortRanges());
    context.node().addresses().forEach(address -> ranges.add(IpPrefix.host(address)));
    return ranges;
  }

  private Set<ServiceName> everything(Set<ServiceName> dirty) {
    Set<ServiceName> all = new TreeSet<>(dirty);
    all.addAll(tracker.names());
    return all;
  }

  private Footprint plan(ServiceName name) {
    try {
      Footprint changed = planned(name);
      unplannable.remove(name);
      return changed;
    } catch (RuntimeException e) {
      // A defect of ours that one Service brings out must not stop the others. It keeps the plan
      // it had.
      LOG.error("Service {} cannot be planned, which is a defect of kube-ipvs", name, e);
      unplannable.put(name, "Service " + name + " cannot be planned: " + e);
      return new Footprint();
    }
  }

  private Footprint planned(ServiceName name) {
    ChangeTracker.Input input = tracker.input(name);
    return input
        .service()
        .map(service -> service.onlyIn(settings.families()))
        .map(service -> desired.put(Planner.plan(service, input.slices(), context)))
        .orElseGet(() -> desired.remove(name));
  }

  private ApplyReport settleOrForget(
      Footprint places, List<Operation> groundwork, KernelMirror seen, Instant now)
      throws IOException {
    try {
      return settle(places, groundwork, seen, now);
    } catch (IOException e) {
      // What was planned is not compared yet: the next sync looks at everything.
      mirror = null;
      throw e;
    }
  }

  /**
   * Compares and applies, and once more where servers began to drain: most have no connections and
   * can go at once, which only a fresh look after the weight is 0 can tell safely.
   */
  private ApplyReport settle(
      Footprint places, List<Operation> groundwork, KernelMirror seen, Instant now)
      throws IOException {
    List<Operation> done = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    places.addAll(unsettled);
    List<Operation> first = groundwork;
    for (int round = 0; round < SETTLING_ROUNDS && (round == 0 || !unsettled.isEmpty()); round++) {
      if (!unsettled.isEmpty()) {
        observer.refresh(seen, List.copyOf(unsettled.services()));
      }
      Batch batch =
          Differ.diff(
              round == 0 ? places : unsettled, desired, seen, diffSettings, drains.expired(now));
      ApplyReport report = executor.apply(batch.after(first));
      report.done().forEach(seen::apply);
      done.addAll(report.done());
      failures.addAll(report.failures());
      unsettled = batch.unsettled();
      first = List.of();
    }
    trackDrains(seen, now);
    return new ApplyReport(done, failures);
  }

  /**
   * A Service may choose a scheduler the kernel does not have, which only trying shows. From the
   * next sync on such Services get the default.
   */
  private void learnRefusedSchedulers(List<Failure> failures) {
    for (Failure failure : failures) {
      Scheduler scheduler = schedulerOf(failure.operation());
      boolean unknown = failure.errno().filter(Errno.ENOENT::equals).isPresent();
      if (unknown
          && scheduler != null
          && !scheduler.equals(settings.plan().scheduler().scheduler())) {
        LOG.warn(
            "the kernel does not offer the scheduler {}: its Services get the default", scheduler);
        context =
            new PlanContext(
                context.node(), context.addresses(), context.settings().without(scheduler));
        replanDue = true;
      }
    }
  }

  private static @Nullable Scheduler schedulerOf(Operation operation) {
    if (operation instanceof Operation.Ipvs ipvs) {
      if (ipvs.command() instanceof IpvsCommand.AddService add) {
        return add.service().scheduler();
      }
      if (ipvs.command() instanceof IpvsCommand.UpdateService update) {
        return update.service().scheduler();
      }
    }
    return null;
  }

  private void trackDrains(KernelMirror seen, Instant now) {
    List<ServerPlace> draining = new ArrayList<>();
    for (ServiceKey key : unsettled.services()) {
      seen.servers(key).values().stream()
          .filter(server -> server.isDraining())
          .forEach(server -> draining.add(new ServerPlace(key, server.key())));
    }
    drains.retain(draining, place -> drainTimeout(place.service()), now);
  }

  /** The service's own while it exists; a service that is gone is under the proxy's. */
  private @Nullable Duration drainTimeout(ServiceKey key) {
    var planned = desired.service(key);
    return (planned == null ? settings.plan().drainTimeout() : planned.drainTimeout()).orElse(null);
  }

  private SyncReport finish(
      boolean full, int dirtyServices, ApplyReport applied, Duration duration, Instant now) {
    syncs++;
    operations += applied.done().size();
    if (applied.failures().isEmpty()) {
      lastSuccess = now;
    }
    status =
        new SyncStatus(
            syncs,
            Optional.ofNullable(lastSuccess),
            operations,
            applied.failures(),
            problems,
            desired.conflicts(),
            Stream.concat(obstacles.stream(), unplannable.values().stream()).toList(),
            desired.serviceCount(),
            desired.serverCount(),
            unsettled.services().size());
    return new SyncReport(full, dirtyServices, applied.done(), applied.failures(), duration);
  }

  /** Whether servers drain, so that a look at them is due soon. */
  public boolean isDraining() {
    return !unsettled.isEmpty();
  }

  public SyncStatus status() {
    return status;
  }

  public DesiredState desired() {
    return desired;
  }
}
