package io.kubeipvs.proxy.sync;

import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Services the others wait for: the API server, then the cluster's DNS. When there is much to do
 * (at a cold start, above all) they are done with, from sets to addresses, before the rest begins.
 */
final class VitalServices {
  /** What fewer Services take is no time to speak of. */
  static final int FEW = 100;

  private static final ServiceName API = new ServiceName("default", "kubernetes");
  private static final String SYSTEM = "kube-system";
  private static final int DNS_PORT = 53;

  private VitalServices() {}

  /** Those among them, the API server first; none when there are few of them all. */
  static List<ServiceName> among(Set<ServiceName> dirty, ChangeTracker tracker) {
    if (dirty.size() <= FEW) {
      return List.of();
    }
    Stream<ServiceName> api = Stream.of(API).filter(dirty::contains);
    Stream<ServiceName> dns =
        dirty.stream()
            .filter(name -> name.namespace().equals(SYSTEM))
            .filter(name -> tracker.input(name).service().filter(VitalServices::isDns).isPresent());
    return Stream.concat(api, dns).toList();
  }

  private static boolean isDns(Service service) {
    return service.ports().stream().anyMatch(port -> port.port() == DNS_PORT);
  }
}
