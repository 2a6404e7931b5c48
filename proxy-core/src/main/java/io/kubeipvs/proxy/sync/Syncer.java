package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.proxy.diff.ServerPlace;
import io.kubeipvs.proxy.model.NodeAddresses;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One way of bringing Services into the kernel: what a {@link SyncRunner} gives a thread, and
 * others ask where it stands. Has no thread and no clock: its owner calls {@link #syncOnce} and
 * says what time it is.
 */
public interface Syncer {

  /**
   * Brings the kernel to what the cluster asks for now.
   *
   * @param full look at the whole kernel, not at what is remembered of it
   * @throws IOException when the kernel cannot be observed; the next sync is to look at everything
   * @throws IllegalStateException before everything was listed once: the first comparison would
   *     delete the world
   */
  SyncReport syncOnce(boolean full, Instant now) throws IOException;

  /** Whether something waits for connections to end, so that a look at it is due soon. */
  boolean isDraining();

  /** When something is due that no change brings; empty when there is no such thing. */
  default Optional<Duration> untilNextStep(Instant now) {
    return Optional.empty();
  }

  /** Takes no steps that need another sync later: for a loop that is not there for them. */
  default void skipSlowStarts() {}

  /** The addresses of the node, as the last look at the kernel found them. From any thread. */
  NodeAddresses addresses();

  /** From any thread. */
  SyncStatus status();

  /** Until when draining servers may keep their connections; those without an end are left out. */
  default Map<ServerPlace, Instant> drainDeadlines() {
    return Map.of();
  }

  /** Schedulers the kernel was found not to offer. */
  default Set<Scheduler> refusedSchedulers() {
    return Set.of();
  }
}
