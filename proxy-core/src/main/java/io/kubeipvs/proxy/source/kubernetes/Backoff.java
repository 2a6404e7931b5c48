package io.kubeipvs.proxy.source.kubernetes;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits between attempts: each up to twice as long as the one before, to a limit, and never the
 * same on two nodes, or all of them would come back to a recovering API server at once.
 */
final class Backoff {
  private final Duration first;
  private final Duration limit;
  private final RandomGenerator random;
  private int failures;

  Backoff(Duration first, Duration limit, RandomGenerator random) {
    this.first = first;
    this.limit = limit;
    this.random = random;
  }

  /** After one more failure. */
  Duration next() {
    Duration full = first;
    for (int i = 0; i < failures && full.compareTo(limit) < 0; i++) {
      full = full.multipliedBy(2);
    }
    failures++;
    return jittered(full.compareTo(limit) < 0 ? full : limit);
  }

  void succeeded() {
    failures = 0;
  }

  /** Between half of it and all of it. */
  Duration jittered(Duration full) {
    long half = full.toNanos() / 2;
    return Duration.ofNanos(half + random.nextLong(half + 1));
  }
}
