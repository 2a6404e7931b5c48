package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.apply.TableWatch.Sight;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Whether somebody else has changed the packet filter since our last sync: flushed it, above all.
 * What was changed only a look can tell. Others may write often what is no concern of ours: after a
 * look for this that found nothing to do, the next waits so long that they cost a twentieth of a
 * core at most. Times are those of {@link System#nanoTime}.
 */
public final class Disturbance {
  static final Duration POLL = Duration.ofSeconds(1);

  private static final Duration LEAST_PAUSE = Duration.ofSeconds(3);
  private static final int SHARE = 20;

  private final Sights sights;
  private @Nullable Sight known;
  private long lookedAt;
  private Duration pause = LEAST_PAUSE;
  private boolean seen;

  /** What can be seen now. */
  @FunctionalInterface
  public interface Sights {
    Sight look() throws IOException;
  }

  public Disturbance(Sights sights) {
    this.sights = sights;
  }

  /**
   * What is there now is ours, or is found by the next full look.
   *
   * @param idle whether there was nothing to do
   */
  void synced(boolean look, boolean idle, Duration took, long now) {
    known = look();
    if (look) {
      lookedAt = now;
      Duration fair = took.multipliedBy(SHARE);
      boolean inVain = seen && idle && fair.compareTo(LEAST_PAUSE) > 0;
      pause = inVain ? fair : LEAST_PAUSE;
      seen = false;
    }
  }

  boolean isSeen(long now) {
    Sight before = known;
    seen = before != null && now - lookedAt >= pause.toNanos() && !before.equals(look());
    return seen;
  }

  private @Nullable Sight look() {
    try {
      return sights.look();
    } catch (IOException e) {
      return null; // the looks of each period remain
    }
  }
}
