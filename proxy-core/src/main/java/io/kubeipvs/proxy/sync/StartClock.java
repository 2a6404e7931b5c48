package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.proxy.diff.ObservedState;
import io.kubeipvs.proxy.diff.ServerPlace;
import io.kubeipvs.proxy.plan.PlannedService;
import io.kubeipvs.proxy.plan.SlowStart;
import io.kubeipvs.proxy.state.DesiredState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which new servers are on their way to their full weight, and since when. New is what the kernel
 * does not have beside others that it has: servers that all come at once share evenly from the
 * start, and one that comes back while it drains is warm.
 *
 * <p>After a restart the weights in the kernel tell how far each server is. At any other time a
 * weight that is not as it should be is somebody else's, and repaired.
 */
final class StartClock {
  private record Start(Instant began, Instant nextStep) {}

  private final Map<ServiceKey, Map<ServerKey, Start>> starts = new HashMap<>();
  private boolean restarted = true;

  /** The weights those servers of these services should have now that do not have all of it. */
  Map<ServerPlace, Integer> weights(
      Collection<ServiceKey> services, DesiredState desired, ObservedState observed, Instant now) {
    Map<ServerPlace, Integer> weights = new HashMap<>();
    for (ServiceKey key : services) {
      Map<ServerKey, Start> former = starts.remove(key);
      PlannedService planned = desired.service(key);
      if (planned != null && planned.slowStart().isPresent()) {
        Map<ServerKey, RealServer> there = observed.servers(key);
        Joining joining = new Joining(planned, planned.slowStart().get(), there);
        Map<ServerKey, Start> present =
            joining.starts(former == null ? Map.of() : former, restarted, now);
        joining.addWeights(key, present, now, weights);
        if (!present.isEmpty()) {
          starts.put(key, present);
        }
      }
    }
    restarted = false;
    return weights;
  }

  /** Services with a server whose next step is due. */
  Set<ServiceKey> due(Instant now) {
    Set<ServiceKey> due = new HashSet<>();
    starts.forEach(
        (key, servers) -> {
          if (servers.values().stream().anyMatch(start -> !now.isBefore(start.nextStep()))) {
            due.add(key);
          }
        });
    return due;
  }

  Optional<Duration> untilNextStep(Instant now) {
    return starts.values().stream()
        .flatMap(servers -> servers.values().stream())
        .map(Start::nextStep)
        .min(Instant::compareTo)
        .map(next -> next.isBefore(now) ? Duration.ZERO : Duration.between(now, next));
  }

  /** One service whose new servers start slowly, beside those that are there. */
  private record Joining(
      PlannedService planned, SlowStart slowStart, Map<ServerKey, RealServer> there) {

    Map<ServerKey, Start> starts(Map<ServerKey, Start> former, boolean restarted, Instant now) {
      Map<ServerKey, Start> starts = new HashMap<>();
      boolean joinsOthers = planned.servers().keySet().stream().anyMatch(this::hasTraffic);
      boolean anyFull = planned.servers().values().stream().anyMatch(this::hasAllOfIt);
      for (RealServer full : planned.servers().values()) {
        Start before = former.get(full.key());
        if (!there.containsKey(full.key())) {
          if (joinsOthers) {
            put(starts, full, now, now);
          }
        } else if (before != null) {
          put(starts, full, before.began(), now);
        } else if (restarted && anyFull && hasTraffic(full.key())) {
          put(starts, full, now.minus(elapsed(full)), now);
        }
      }
      return starts;
    }

    private void put(Map<ServerKey, Start> starts, RealServer full, Instant began, Instant now) {
      Duration elapsed = Duration.between(began, now);
      if (!slowStart.isOver(elapsed)) {
        starts.put(full.key(), new Start(began, began.plus(slowStart.nextStep(elapsed))));
      }
    }

    private boolean hasTraffic(ServerKey server) {
      RealServer present = there.get(server);
      return present != null && !present.isDraining();
    }

    private boolean hasAllOfIt(RealServer full) {
      RealServer present = there.get(full.key());
      return present != null && present.weight() == full.weight();
    }

    private Duration elapsed(RealServer full) {
      RealServer present = there.getOrDefault(full.key(), full);
      return slowStart.elapsedAt(full.weight(), present.weight());
    }

    void addWeights(
        ServiceKey key,
        Map<ServerKey, Start> starts,
        Instant now,
        Map<ServerPlace, Integer> weights) {
      for (RealServer full : planned.servers().values()) {
        Start start = starts.get(full.key());
        if (start != null) {
          Duration elapsed = Duration.between(start.began(), now);
          weights.put(new ServerPlace(key, full.key()), slowStart.weight(full.weight(), elapsed));
        }
      }
    }
  }
}
