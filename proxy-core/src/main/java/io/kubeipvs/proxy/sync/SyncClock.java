package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.diff.Phase;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** How long a sync and its parts take. */
final class SyncClock {
  private final long start = System.nanoTime();
  private final Map<String, Duration> laps = new TreeMap<>();
  private long lapStart = start;

  /** Ends a part. */
  void lap(String name) {
    long now = System.nanoTime();
    laps.put(name, Duration.ofNanos(now - lapStart));
    lapStart = now;
  }

  Duration total() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** The parts, and those that writing consists of. */
  Map<String, Duration> laps(Map<Phase, Duration> phases) {
    Map<String, Duration> all = new TreeMap<>(laps);
    phases.forEach((phase, took) -> all.put(phase.name().toLowerCase(Locale.ROOT), took));
    return all;
  }
}
