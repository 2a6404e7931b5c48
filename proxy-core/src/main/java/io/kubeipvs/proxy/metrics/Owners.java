package io.kubeipvs.proxy.metrics;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePort;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which Service a virtual service belongs to. Made anew from the Services each time somebody asks,
 * so that it costs no memory between.
 */
public final class Owners {
  private static final Comparator<Service> OLDEST =
      Comparator.comparing(Service::created).thenComparing(Service::name);

  private final Map<ServiceKey.Address, Owner> addresses = new HashMap<>();
  private final Map<NodePort, Owner> nodePorts = new HashMap<>();

  private record NodePort(Protocol protocol, int port) {}

  /**
   * A way into a Service.
   *
   * @param port its name, or its number where it has none
   */
  public record Owner(ServiceName service, String port, String kind) {}

  public Owners(Collection<Service> services) {
    // What two ask for, the older has.
    services.stream().sorted(OLDEST).forEach(this::add);
  }

  private void add(Service service) {
    for (ServicePort port : service.ports()) {
      add(service, port, service.clusterIps(), "cluster_ip");
      add(service, port, service.external().ips(), "external_ip");
      add(service, port, service.external().loadBalancerIps(), "load_balancer");
      if (port.nodePort() != 0) {
        nodePorts.putIfAbsent(
            new NodePort(port.protocol(), port.nodePort()), owner(service, port, "node_port"));
      }
    }
  }

  private void add(Service service, ServicePort port, List<IpAddress> ips, String kind) {
    for (IpAddress address : ips) {
      addresses.putIfAbsent(
          new ServiceKey.Address(port.protocol(), address, port.port()),
          owner(service, port, kind));
    }
  }

  private static Owner owner(Service service, ServicePort port, String kind) {
    String name = port.name().isEmpty() ? String.valueOf(port.port()) : port.name();
    return new Owner(service.name(), name, kind);
  }

  /** Empty for one that belongs to nobody we know. */
  public Optional<Owner> of(ServiceKey key) {
    if (!(key instanceof ServiceKey.Address address)) {
      return Optional.empty();
    }
    Owner byAddress = addresses.get(address);
    return Optional.ofNullable(
        byAddress != null
            ? byAddress
            : nodePorts.get(new NodePort(address.protocol(), address.port())));
  }
}
