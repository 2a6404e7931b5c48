package io.kubeipvs.proxy.model;

import io.kubeipvs.net.AddressFamily;
import java.time.Instant;
import java.util.List;

/**
 * Some of a Service's endpoints.
 *
 * @param family {@code addressType}; slices of type FQDN are nothing for a proxy
 * @param ports sorted; what serves a port of the Service has its name and protocol
 * @param endpoints sorted, all of that family
 * @param triggered when what led to this version of it happened; {@link Instant#EPOCH} where it is
 *     not known
 * @param resourceVersion 0 where the source knows none that is a number, as all servers' are
 */
public record EndpointSlice(
    SliceName name,
    ServiceName service,
    AddressFamily family,
    List<EndpointPort> ports,
    List<Endpoint> endpoints,
    Instant triggered,
    long resourceVersion) {

  public EndpointSlice {
    ports = ports.stream().distinct().sorted().toList();
    endpoints = endpoints.stream().sorted().toList();
  }

  /** One of no known version. */
  public EndpointSlice(
      SliceName name,
      ServiceName service,
      AddressFamily family,
      List<EndpointPort> ports,
      List<Endpoint> endpoints,
      Instant triggered) {
    this(name, service, family, ports, endpoints, triggered, 0);
  }

  /** One of which nobody knows what led to it. */
  public EndpointSlice(
      SliceName name,
      ServiceName service,
      AddressFamily family,
      List<EndpointPort> ports,
      List<Endpoint> endpoints) {
    this(name, service, family, ports, endpoints, Instant.EPOCH);
  }

  /** Whether it is the same but for its version: others may write to parts that are not ours. */
  public boolean saysTheSameAs(EndpointSlice other) {
    return name.equals(other.name)
        && service.equals(other.service)
        && family == other.family
        && triggered.equals(other.triggered)
        && ports.equals(other.ports)
        && endpoints.equals(other.endpoints);
  }
}
