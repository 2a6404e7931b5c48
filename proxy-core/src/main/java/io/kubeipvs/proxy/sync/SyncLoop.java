package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
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
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.diff.ServerPlace;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.PlannedService;
import io.kubeipvs.proxy.source.Problem;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.state.DesiredState;
import io.kubeipvs.proxy.state.Footprint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One sync after the other: take what changed, plan those Services, compare the places they concern
 * with the mirror, apply. A sync is full, and begins by looking at the whole kernel, at the start,
 * every period, after a failure, and when notifications were lost.
 */
public final class SyncLoop implements Syncer {
  /** How often a sync looks again at what drains before it leaves the rest to the next one. */
  private static final int SETTLING_ROUNDS = 2;

  private final ChangeTracker tracker;
  private final KernelObserver observer;
  private final Executor executor;
  private final SyncSettings settings;
  private final SyncListener listener;

  private final ServicePlans plans;
  private final DesiredState desired;
  private final DrainClock drains = new DrainClock();

  private final DrainTimeouts timeouts;
  private final StartClock starts = new StartClock();
  private boolean slowStarts = true;

  private final NodeContext context;
  private final KnownSchedulers schedulers;
  private final IptablesTakeover takeover;
  private boolean replanDue;
  private Ground ground;
  private DiffSettings diffSettings;
  private @Nullable KernelMirror mirror;
  private Footprint unsettled = new Footprint();
  private List<Problem> problems = List.of();
  private List<String> obstacles = List.of();

  /** Whether the last sync left nothing undone: then what the next look finds is drift. */
  private boolean clean;

  private Drift drift = new Drift(false, new Footprint());
  private long syncs;
  private long operations;
  private @Nullable Instant lastSuccess;
  private volatile SyncStatus status = SyncStatus.NEVER;
  private volatile Map<ServerPlace, Instant> drainDeadlines = Map.of();

  public SyncLoop(
      ChangeTracker tracker, KernelObserver observer, Executor executor, SyncSettings settings) {
    this(tracker, observer, executor, settings, SyncListener.NONE);
  }

  /**
   * @param listener is told what was planned, on the thread that syncs
   */
  public SyncLoop(
      ChangeTracker tracker,
      KernelObserver observer,
      Executor executor,
      SyncSettings settings,
      SyncListener listener) {
    this.listener = listener;
    this.tracker = tracker;
    this.observer = observer;
    this.executor = executor;
    this.settings = settings;
    this.timeouts = new DrainTimeouts(settings.plan().drainTimeout());
    this.context =
        new NodeContext(
            settings.initialNode(),
            settings.plan(),
            settings.nodePortRanges(),
            settings.nodePortsOnPrimary());
    this.schedulers = new KnownSchedulers(executor, context);
    this.takeover = new IptablesTakeover(observer, executor);
    this.plans = new ServicePlans(tracker, settings.families(), context, timeouts, listener);
    this.desired = plans.desired();
    this.ground = settings.ground().of(settings.initialNode());
    this.diffSettings = settings.diff().of(settings.initialNode());
  }

  @Override
  public SyncReport syncOnce(boolean full, Instant now) throws IOException {
    if (!tracker.isListed()) {
      throw new IllegalStateException("nothing may be programmed before everything is listed");
    }
    SyncClock clock = new SyncClock();
    ChangeTracker.Changes changes = tracker.take();
    replanDue |= changes.node().map(this::adopt).orElse(false);
    boolean replan = replanDue;
    changes.problems().ifPresent(all -> problems = all);
    Footprint places = new Footprint();
    List<Operation> groundwork = List.of();
    KernelMirror seen = mirror;
    boolean look = full || replan || seen == null;
    listener.began(changes, look);
    drift = new Drift(look && !replan && clean, unsettled);
    if (look || seen == null) {
      Observation observation = observe(changes.dirty());
      seen = observation.mirror();
      replan |= adopt(observation.nodeAddresses());
      Ground.Missing missing = takeover.missing(ground, observation);
      groundwork = missing.operations();
      obstacles = missing.problems();
      clock.lap("observe");
    }
    Set<ServiceName> dirty = replan ? everything(changes.dirty()) : changes.dirty();
    learnSchedulers(dirty, seen);
    List<ServiceName> vital = VitalServices.among(dirty, tracker);
    vital.forEach(name -> places.addAll(plans.plan(name)));
    Footprint vitalPlaces = new Footprint();
    vitalPlaces.addAll(places);
    dirty.stream().filter(name -> !vital.contains(name)).forEach(n -> places.addAll(plans.plan(n)));
    replanDue = false;
    places.services().addAll(starts.due(now));
    drift.expect(places);
    clock.lap("plan");
    if (look) {
      places.addAll(desired.footprint());
      places.addAll(seen.footprint());
    }
    ApplyReport applied =
        vital.isEmpty()
            ? settleOrForget(places, groundwork, seen, now)
            : settleOrForget(vitalPlaces, groundwork, seen, now)
                .and(settleOrForget(places, List.of(), seen, now));
    timeouts.retain(unsettled.services());
    if (takeover.isDue()) {
      IptablesTakeover.Step step = takeover.step(ground, seen, applied.failures(), obstacles);
      applied = applied.and(step.applied());
      obstacles = step.obstacles();
    }
    clock.lap("apply");
    // From the next sync on, Services of one that the kernel has lost get the default.
    replanDue = schedulers.learnFrom(applied.failures());
    clean = applied.failures().isEmpty();
    return finish(look, dirty.size(), applied, clock, now);
  }

  private Observation observe(Set<ServiceName> dirty) throws IOException {
    clean = false;
    try {
      Observation observation = observer.observe(mirror);
      mirror = observation.mirror();
      unsettled = new Footprint();
      return observation;
    } catch (IOException e) {
      // What was taken must not be lost: plan it now, so that the next sync compares it.
      mirror = null;
      dirty.forEach(plans::plan);
      throw e;
    }
  }

  /** Whether anything that plans depend on is different now. */
  private boolean adopt(NodeInfo node) {
    boolean different = context.tell(node);
    ground = settings.ground().of(context.node());
    return different;
  }

  private boolean adopt(List<IpAddress> nodeAddresses) {
    boolean different = context.see(nodeAddresses);
    ground = settings.ground().of(context.node());
    diffSettings = settings.diff().of(context.node().reachableAt(nodeAddresses));
    return different;
  }

  private Set<ServiceName> everything(Set<ServiceName> dirty) {
    Set<ServiceName> all = new TreeSet<>(dirty);
    all.addAll(tracker.names());
    return all;
  }

  private ApplyReport settleOrForget(
      Footprint places, List<Operation> groundwork, KernelMirror seen, Instant now)
      throws IOException {
    try {
      return settle(places, groundwork, seen, now);
    } catch (IOException e) {
      // What was planned is not compared yet: the next sync looks at everything.
      mirror = null;
      clean = false;
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
    Map<Phase, Duration> took = new EnumMap<>(Phase.class);
    int forgottenFlows = 0;
    places.addAll(unsettled);
    List<Operation> first = groundwork;
    for (int round = 0; round < SETTLING_ROUNDS && (round == 0 || !unsettled.isEmpty()); round++) {
      if (!unsettled.isEmpty()) {
        observer.refresh(seen, List.copyOf(unsettled.services()));
      }
      Footprint compared = round == 0 ? places : unsettled;
      Batch batch =
          Differ.diff(
              compared,
              desired,
              seen,
              diffSettings,
              drains.expired(now),
              startingWeights(compared, seen, now));
      ApplyReport report = executor.apply(batch.after(first));
      for (Operation operation : report.done()) {
        drift.note(operation, seen);
        seen.apply(operation);
      }
      share(compared, seen);
      done.addAll(report.done());
      failures.addAll(report.failures());
      report.took().forEach((phase, time) -> took.merge(phase, time, Duration::plus));
      forgottenFlows += report.forgottenFlows();
      unsettled = batch.unsettled();
      first = List.of();
    }
    trackDrains(seen, now);
    return new ApplyReport(done, failures, took, forgottenFlows);
  }

  private void share(Footprint compared, KernelMirror seen) {
    for (ServiceKey key : compared.services()) {
      PlannedService wanted = desired.service(key);
      if (wanted != null) {
        seen.share(wanted);
      }
    }
  }

  private Map<ServerPlace, Integer> startingWeights(
      Footprint places, KernelMirror seen, Instant now) {
    return slowStarts ? starts.weights(places.services(), desired, seen, now) : Map.of();
  }

  @Override
  public void skipSlowStarts() {
    slowStarts = false;
  }

  /** A Service may choose a scheduler the kernel does not have. */
  private void learnSchedulers(Set<ServiceName> dirty, KernelMirror seen) throws IOException {
    try {
      schedulers.learn(dirty, tracker, seen);
    } catch (IOException e) {
      // Nothing is planned yet: the next sync takes everything up again.
      mirror = null;
      replanDue = true;
      throw e;
    }
  }

  private void trackDrains(KernelMirror seen, Instant now) {
    List<ServerPlace> draining = new ArrayList<>();
    for (ServiceKey key : unsettled.services()) {
      seen.servers(key).values().stream()
          .filter(server -> server.isDraining())
          .forEach(server -> draining.add(new ServerPlace(key, server.key())));
    }
    drains.retain(draining, place -> timeouts.of(place.service(), desired), now);
    drainDeadlines = drains.deadlines();
  }

  private SyncReport finish(
      boolean full, int dirtyServices, ApplyReport applied, SyncClock clock, Instant now) {
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
            Stream.concat(obstacles.stream(), plans.complaints().stream()).toList(),
            desired.serviceCount(),
            desired.serverCount(),
            unsettled.services().size());
    return new SyncReport(
        full,
        dirtyServices,
        applied.done(),
        applied.failures(),
        drift.repairs(),
        clock.laps(applied.took()),
        applied.forgottenFlows(),
        clock.total());
  }

  @Override
  public boolean isDraining() {
    return !unsettled.isEmpty();
  }

  @Override
  public Optional<Duration> untilNextStep(Instant now) {
    return starts.untilNextStep(now);
  }

  @Override
  public NodeAddresses addresses() {
    return context.plan().addresses();
  }

  @Override
  public Map<ServerPlace, Instant> drainDeadlines() {
    return drainDeadlines;
  }

  @Override
  public Set<Scheduler> refusedSchedulers() {
    return context.plan().settings().refusedSchedulers();
  }

  @Override
  public SyncStatus status() {
    return status;
  }

  public DesiredState desired() {
    return desired;
  }
}
