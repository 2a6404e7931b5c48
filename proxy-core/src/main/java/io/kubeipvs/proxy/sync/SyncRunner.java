package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.apply.TableWatch;
import io.kubeipvs.proxy.diff.Phase;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Gives a {@link Syncer} its thread, its clock and its log. */
public final class SyncRunner implements Runnable {
  private static final Logger LOG = LogManager.getLogger(SyncRunner.class);

  /** How soon a stop is noticed while the first list is waited for. */
  private static final Duration LISTING_POLL = Duration.ofMillis(200);

  private final Syncer loop;
  private final ChangeTracker tracker;
  private final SyncSchedule schedule;
  private final Clock clock;
  private final SyncListener listener;
  private final SyncLog log = new SyncLog();
  private final Disturbance disturbance;
  private final RepeatLimit failed = new RepeatLimit();
  private final RepeatLimit disturbed = new RepeatLimit();

  private volatile boolean stopping;
  private final AtomicBoolean lookDue = new AtomicBoolean(true);

  public SyncRunner(
      Syncer loop,
      ChangeTracker tracker,
      SyncSchedule schedule,
      Clock clock,
      SyncListener listener) {
    this(loop, tracker, schedule, clock, listener, new Disturbance(() -> TableWatch.Sight.NOTHING));
  }

  /**
   * @param disturbance by others, which is looked for while there is nothing else to do
   */
  public SyncRunner(
      Syncer loop,
      ChangeTracker tracker,
      SyncSchedule schedule,
      Clock clock,
      SyncListener listener,
      Disturbance disturbance) {
    this.disturbance = disturbance;
    this.listener = listener;
    this.loop = loop;
    this.tracker = tracker;
    this.schedule = schedule;
    this.clock = clock;
  }

  /** Syncs until it is stopped; a sync that has begun is finished. */
  @Override
  public void run() {
    try {
      while (!stopping && !tracker.awaitListed(LISTING_POLL)) {
        LOG.debug("waiting for the first full list");
      }
      loop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() throws InterruptedException {
    LookTimer timer = new LookTimer(schedule);
    while (!stopping) {
      long start = System.nanoTime();
      boolean asked = lookDue.getAndSet(false);
      boolean disturbed = isDisturbed(start);
      boolean look = asked || disturbed || timer.isDue(start);
      boolean succeeded = sync(look, start);
      timer.synced(look, succeeded, System.nanoTime());
      pause(schedule.minimum().minusNanos(System.nanoTime() - start));
      rest(System.nanoTime() + sleep(timer).toNanos());
    }
  }

  /** Says why, at most once in a while: some nodes have software that writes there all the time. */
  private boolean isDisturbed(long now) {
    Disturbance.Suspicion suspicion = disturbance.suspicion(now);
    if (suspicion == Disturbance.Suspicion.OTHERS_WROTE) {
      disturbed
          .of("somebody else has changed the packet filter: looking at it", now)
          .ifPresent(LOG::info);
    } else if (suspicion == Disturbance.Suspicion.UNSURE) {
      LOG.debug("rules were written: looking once more, for what others did meanwhile");
    }
    return suspicion != Disturbance.Suspicion.NONE;
  }

  /**
   * Until then, or until something changes that is asked for, or that somebody else has changed.
   */
  private void rest(long end) throws InterruptedException {
    long left = end - System.nanoTime();
    while (!stopping
        && left > 0
        && !tracker.await(Duration.ofNanos(Math.min(left, Disturbance.POLL.toNanos())))
        && disturbance.suspicion(System.nanoTime()) == Disturbance.Suspicion.NONE) {
      left = end - System.nanoTime();
    }
  }

  private Duration sleep(LookTimer timer) {
    Duration sleep = timer.sleep(loop.isDraining(), System.nanoTime());
    return loop.untilNextStep(Instant.now(clock))
        .filter(step -> step.compareTo(sleep) < 0)
        .orElse(sleep);
  }

  /** One full sync, logged, without a thread. */
  public SyncReport once() throws IOException {
    loop.skipSlowStarts();
    return syncOnce(true);
  }

  private SyncReport syncOnce(boolean look) throws IOException {
    SyncReport report = loop.syncOnce(look, Instant.now(clock));
    log.report(report, loop.status());
    ChangeTracker.Applied applied =
        isInForce(report) ? tracker.applied() : ChangeTracker.Applied.NOTHING;
    listener.synced(report, loop.status(), applied);
    return report;
  }

  /**
   * Whether what was asked for is in force, but for single objects the kernel refuses: one bad
   * Service must not have load balancers take the node out, and kubelet restart us for ever.
   */
  private static boolean isInForce(SyncReport report) {
    return report.failures().stream()
        .map(failure -> failure.operation().phase())
        .noneMatch(phase -> phase == Phase.MAKE_GROUND || phase == Phase.WRITE_RULES);
  }

  private void pause(Duration left) throws InterruptedException {
    if (!left.isNegative() && !stopping) {
      TimeUnit.NANOSECONDS.sleep(left.toNanos());
    }
  }

  /** Whether all of it succeeded. */
  private boolean sync(boolean look, long start) {
    boolean succeeded = false;
    boolean idle = true;
    boolean wroteRules = true;
    try {
      SyncReport report = syncOnce(look);
      succeeded = report.failures().isEmpty();
      idle = report.repairs().isEmpty();
      wroteRules = report.wrote(Phase.WRITE_RULES);
      failed.over().ifPresent(line -> LOG.info("over: {}", line));
    } catch (IOException e) {
      listener.failed(e);
      String line = "sync failed, the next one looks at everything: " + e.getMessage();
      failed.of(line, System.nanoTime()).ifPresent(LOG::error);
    }
    if (look) {
      long now = System.nanoTime();
      disturbance.looked(wroteRules, idle, Duration.ofNanos(now - start), now);
    } else {
      disturbance.changed(wroteRules);
    }
    return succeeded;
  }

  /** Lets the next sync look at the whole kernel, and makes it due. */
  public void lookAgain() {
    lookDue.set(true);
    tracker.wake();
  }

  public void stop() {
    stopping = true;
    tracker.wake();
  }
}
