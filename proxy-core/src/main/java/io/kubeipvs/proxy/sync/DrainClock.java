package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.diff.ServerPlace;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * When draining servers must go although they have connections left. That they drain is read from
 * the kernel; only since when is remembered here, so a restart gives them their time anew.
 */
final class DrainClock {
  private final Map<ServerPlace, Instant> began = new HashMap<>();
  private final Map<ServerPlace, Instant> deadlines = new HashMap<>();

  /**
   * Takes over which servers drain now.
   *
   * @param timeout of a server; null when its connections may last as long as they like
   */
  void retain(
      Collection<ServerPlace> draining,
      Function<ServerPlace, @Nullable Duration> timeout,
      Instant now) {
    began.keySet().retainAll(new HashSet<>(draining));
    deadlines.clear();
    for (ServerPlace place : draining) {
      Instant since = began.computeIfAbsent(place, p -> now);
      Duration limit = timeout.apply(place);
      if (limit != null) {
        deadlines.put(place, since.plus(limit));
      }
    }
  }

  /** When the time of those is over that do not have all they like. */
  Map<ServerPlace, Instant> deadlines() {
    return Map.copyOf(deadlines);
  }

  /** The servers whose time is over. */
  Set<ServerPlace> expired(Instant now) {
    Set<ServerPlace> expired = new HashSet<>();
    deadlines.forEach(
        (place, deadline) -> {
          if (!now.isBefore(deadline)) {
            expired.add(place);
          }
        });
    return expired;
  }
}
