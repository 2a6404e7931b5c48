package io.kubeipvs.proxy.cli;

import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncListener;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.util.function.Consumer;

/**
 * Has the heap shrink when much was done. A first sync takes about twice the memory that its result
 * does, and a collector only gives memory back when it runs, which in a daemon at rest may be
 * never. It would have run by itself for as many operations sooner or later.
 */
final class HeapTrim implements SyncListener {
  static final int MANY_OPERATIONS = 20_000;

  /** Worth it when nothing else is to be done. */
  static final int SOME_OPERATIONS = 1_000;

  private final Consumer<Runnable> whenIdle;
  private final Runnable collector;
  private int operations;

  /**
   * @param whenIdle runs something a little later, on another thread
   */
  HeapTrim(Consumer<Runnable> whenIdle, Runnable collector) {
    this.whenIdle = whenIdle;
    this.collector = collector;
  }

  @Override
  public void synced(SyncReport report, SyncStatus status, ChangeTracker.Applied applied) {
    operations += report.done().size();
    boolean rests = report.didNothing() && operations >= SOME_OPERATIONS;
    if (operations >= MANY_OPERATIONS || rests) {
      operations = 0;
      whenIdle.accept(collector);
    }
  }
}
