package io.kubeipvs.proxy.health;

import io.kubeipvs.proxy.state.ChangeTracker;
import io.kubeipvs.proxy.sync.SyncListener;
import io.kubeipvs.proxy.sync.SyncReport;
import io.kubeipvs.proxy.sync.SyncStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Healthy is a proxy that has brought into the kernel what it was told some time ago. One that is
 * told nothing is healthy; so is one that starts, because what its predecessor left serves.
 */
public final class ProxyHealth implements SyncListener {
  private final ChangeTracker tracker;
  private final Duration patience;
  private final InstantSource clock;
  private volatile @Nullable Instant lastUpdated;

  /**
   * How it is.
   *
   * @param lastUpdated when what was asked for was last in the kernel, or the start
   */
  public record Verdict(
      boolean healthy, boolean nodeEligible, Optional<Instant> lastUpdated, Instant now) {}

  /**
   * @param patience how long a change may take until it is in the kernel; kube-proxy's is two sync
   *     periods
   */
  public ProxyHealth(ChangeTracker tracker, Duration patience, InstantSource clock) {
    this.tracker = tracker;
    this.patience = patience;
    this.clock = clock;
  }

  /** The loop begins; it counts as an update in case none ever succeeds. */
  public void began() {
    lastUpdated = clock.instant();
  }

  @Override
  public void synced(SyncReport report, SyncStatus status, ChangeTracker.Applied applied) {
    if (applied.inForce()) {
      lastUpdated = clock.instant();
    }
  }

  public Verdict verdict() {
    Instant now = clock.instant();
    boolean late =
        tracker
            .queue()
            .oldestQueued()
            .filter(queued -> Duration.between(queued, now).compareTo(patience) >= 0)
            .isPresent();
    return new Verdict(!late, tracker.isNodeEligible(), Optional.ofNullable(lastUpdated), now);
  }
}
