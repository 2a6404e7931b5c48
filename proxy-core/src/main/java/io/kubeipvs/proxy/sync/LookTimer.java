package io.kubeipvs.proxy.sync;

import java.time.Duration;

/**
 * When the next full look at the kernel is due: a period after the last, or sooner after a failure.
 * A failure is tried again when its time has come, not with every change that comes before. Times
 * are those of {@link System#nanoTime}.
 */
final class LookTimer {
  private final SyncSchedule schedule;
  private long due;
  private int failures;
  private boolean first = true;

  LookTimer(SyncSchedule schedule) {
    this.schedule = schedule;
  }

  boolean isDue(long now) {
    return first || now - due >= 0;
  }

  void synced(boolean look, boolean succeeded, long now) {
    first = false;
    if (look) {
      failures = succeeded ? 0 : failures + 1;
      due = now + (succeeded ? schedule.period() : schedule.retry(failures)).toNanos();
    } else if (!succeeded) {
      due = Math.min(due - now, schedule.retry(failures + 1).toNanos()) + now;
    }
  }

  /** The longest sleep: until a look is due, or a look at servers that drain. */
  Duration sleep(boolean draining, long now) {
    Duration untilDue = Duration.ofNanos(Math.max(0, due - now));
    boolean pollFirst = draining && schedule.drainPoll().compareTo(untilDue) < 0;
    return pollFirst ? schedule.drainPoll() : untilDue;
  }
}
