package io.kubeipvs.proxy.history;

import io.kubeipvs.proxy.state.Cause;
import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncListener;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Notes what each sync did. On the loop's thread it takes the first few of everything, which are
 * values; text is made of them on another.
 */
public final class FlightRecorder implements SyncListener {
  static final String FIRST = "first sync";
  private static final String AFTER_FAILURE = "the last one failed";
  private static final String DUE = "a full look is due";

  private static final int OPERATIONS = 50;
  private static final int FAILURES = 20;
  private static final int REPAIRS = 50;

  private final History history;
  private final Executor thread;
  private final InstantSource clock;
  private List<Cause> causes = List.of();
  private int changed;
  private boolean full;
  private Instant began;
  private String reason = "";
  private boolean any;
  private boolean failed;

  /**
   * @param thread does one thing at a time
   */
  public FlightRecorder(History history, Executor thread, InstantSource clock) {
    this.history = history;
    this.thread = thread;
    this.clock = clock;
    this.began = clock.instant();
  }

  @Override
  public void began(ChangeTracker.Changes changes, boolean look) {
    began = clock.instant();
    full = look;
    reason = look ? reason() : "";
    any = true;
    List<Cause> all = new ArrayList<>();
    changes.node().ifPresent(node -> all.add(new Cause("Node", node.name(), "", false)));
    changed = changes.changedObjects() + all.size();
    all.addAll(changes.causes());
    causes = all;
  }

  private String reason() {
    if (!any) {
      return FIRST;
    }
    return failed ? AFTER_FAILURE : DUE;
  }

  @Override
  public void synced(SyncReport report, SyncStatus status, ChangeTracker.Applied applied) {
    failed = !report.failures().isEmpty();
    record(
        new SyncRecord(
            clock.instant(),
            report.full(),
            reason,
            causes,
            changed,
            report.dirtyServices(),
            SyncRecord.Some.of(report.done(), OPERATIONS),
            report.doneByPhase(),
            SyncRecord.Some.of(report.failures(), FAILURES),
            SyncRecord.Some.of(report.repairs(), REPAIRS),
            report.took(),
            report.duration(),
            report.forgottenFlows(),
            ""));
  }

  @Override
  public void failed(IOException cause) {
    failed = true;
    Instant now = clock.instant();
    record(
        new SyncRecord(
            now,
            full,
            reason,
            causes,
            changed,
            0,
            SyncRecord.Some.of(List.of(), 0),
            Map.of(),
            SyncRecord.Some.of(List.of(), 0),
            SyncRecord.Some.of(List.of(), 0),
            Map.of(),
            Duration.between(began, now),
            0,
            String.valueOf(cause.getMessage())));
  }

  private void record(SyncRecord sync) {
    causes = List.of();
    changed = 0;
    thread.execute(() -> history.add(sync));
  }
}
