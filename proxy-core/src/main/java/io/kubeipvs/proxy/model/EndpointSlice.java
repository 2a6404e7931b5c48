package io.kubeipvs.proxy.model;

import io.kubeipvs.net.AddressFamily;
import java.util.List;

/**
 * Some of a Service's endpoints.
 *
 * @param family {@code addressType}; slices of type FQDN are nothing for a proxy
 * @param ports sorted; what serves a port of the Service has its name and protocol
 * @param endpoints sorted, all of that family
 */
public record EndpointSlice(
    SliceName name,
    ServiceName service,
    AddressFamily family,
    List<EndpointPort> ports,
    List<Endpoint> endpoints) {

  public EndpointSlice {
    ports = ports.stream().distinct().sorted().toList();
    endpoints = endpoints.stream().sorted().toList();
  }
}
