package io.kubeipvs.proxy.health;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.plan.PortEndpoint;
import io.kubeipvs.proxy.plan.PortEndpoints;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a Service's health-check node port says.
 *
 * @param localEndpoints ready ones on this node, each address once
 */
public record HealthCheck(int port, int localEndpoints) {

  /** Empty for a Service without such a port. */
  static Optional<HealthCheck> of(
      Service service, Collection<EndpointSlice> slices, String nodeName) {
    int port = service.external().healthCheckNodePort();
    if (port == 0) {
      return Optional.empty();
    }
    int most = 0;
    for (AddressFamily family : AddressFamily.values()) {
      if (service.has(family)) {
        most = Math.max(most, localEndpoints(service, family, slices, nodeName));
      }
    }
    // A pod of both families is one endpoint.
    return Optional.of(new HealthCheck(port, most));
  }

  private static int localEndpoints(
      Service service, AddressFamily family, Collection<EndpointSlice> slices, String nodeName) {
    Set<IpAddress> addresses = new HashSet<>();
    for (ServicePort port : service.ports()) {
      for (PortEndpoint each : PortEndpoints.of(port, family, slices, nodeName)) {
        if (each.isLocalTo(nodeName) && each.endpoint().ready()) {
          addresses.add(each.key().address());
        }
      }
    }
    return addresses.size();
  }
}
