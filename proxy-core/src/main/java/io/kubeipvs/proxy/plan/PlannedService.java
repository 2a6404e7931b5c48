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
 */
public record PlannedService(
    VirtualService service,
    SortedMap<ServerKey, RealServer> servers,
    Optional<Duration> drainTimeout) {

  public PlannedService {
    servers = SortedArrayMap.copyOf(servers);
  }
}
