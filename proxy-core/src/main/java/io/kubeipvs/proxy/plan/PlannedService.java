package io.kubeipvs.proxy.plan;

import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.VirtualService;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A virtual service and its real servers as they should be.
 *
 * @param drainTimeout how long an unwanted server may keep its connections; empty means as long as
 *     they last
 * @param slowStart how servers come to their weight that join others; empty means at once
 */
public record PlannedService(
    VirtualService service,
    SortedMap<ServerKey, RealServer> servers,
    Optional<Duration> drainTimeout,
    Optional<SlowStart> slowStart) {

  public PlannedService {
    servers = SortedArrayMap.copyOf(servers);
  }
}
