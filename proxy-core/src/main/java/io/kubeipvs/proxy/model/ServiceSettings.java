package io.kubeipvs.proxy.model;

import io.kubeipvs.net.IpAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a Service asks of this proxy by {@code kube-ipvs.io/...} annotations. Empty means the
 * proxy's own setting.
 *
 * @param drainTimeout how long an unwanted server may keep its connections; zero means not at all
 * @param zoneWeights weights of servers by their zone, 1..65535
 * @param endpointWeights weights of single endpoints, 1..65535; they go before those of zones
 * @param slowStart how long a new server takes to its full weight
 */
public record ServiceSettings(
    Optional<SchedulerChoice> scheduler,
    Optional<Duration> drainTimeout,
    SortedMap<String, Integer> zoneWeights,
    SortedMap<IpAddress, Integer> endpointWeights,
    Optional<Duration> slowStart) {

  /** Nothing asked for. */
  public static final ServiceSettings NONE =
      new ServiceSettings(
          Optional.empty(),
          Optional.empty(),
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Optional.empty());

  /** The weight of a server nobody gave another. */
  public static final int DEFAULT_WEIGHT = 1;

  public ServiceSettings {
    zoneWeights = copy(zoneWeights);
    endpointWeights = copy(endpointWeights);
  }

  private static <K extends Comparable<K>> SortedMap<K, Integer> copy(SortedMap<K, Integer> map) {
    return map.isEmpty()
        ? Collections.emptySortedMap()
        : Collections.unmodifiableSortedMap(new TreeMap<>((Map<K, Integer>) map));
  }

  public int weight(Endpoint endpoint) {
    Integer own = endpointWeights.get(endpoint.address());
    return own != null ? own : zoneWeights.getOrDefault(endpoint.zone(), DEFAULT_WEIGHT);
  }
}
