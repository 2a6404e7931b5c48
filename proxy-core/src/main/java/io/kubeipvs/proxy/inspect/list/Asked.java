package io.kubeipvs.proxy.inspect.list;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.inspect.list.ServiceList.Entrance;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.TrafficPolicy;
import io.kubeipvs.proxy.plan.PortEndpoint;
import io.kubeipvs.proxy.plan.PortEndpoints;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.state.Conflict;
import io.kubeipvs.proxy.state.DesiredState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the cluster asks for, whatever the kernel has. */
final class Asked {
  private final DesiredState desired;
  private final Map<ServiceName, List<EndpointSlice>> slices = new HashMap<>();
  private final Map<String, Conflict> conflicts = new HashMap<>();
  private final String nodeName;

  /** Is told each way into each port, in order. */
  interface Visitor {
    void portal(Service service, ServicePort port, Portal portal);
  }

  Asked(
      DesiredState desired,
      Collection<EndpointSlice> slices,
      Collection<Conflict> conflicts,
      String nodeName) {
    this.desired = desired;
    this.nodeName = nodeName;
    for (EndpointSlice slice : slices) {
      this.slices.computeIfAbsent(slice.service(), any -> new ArrayList<>()).add(slice);
    }
    conflicts.forEach(conflict -> this.conflicts.put(conflict.claim().toString(), conflict));
  }

  void portals(Service service, Visitor visitor) {
    desired
        .plan(service.name())
        .ifPresent(
            plan ->
                plan.portals()
                    .forEach(
                        portal ->
                            service.ports().stream()
                                .filter(port -> service.portName(port).equals(portal.port()))
                                .findFirst()
                                .ifPresent(port -> visitor.portal(service, port, portal))));
  }

  boolean isInForce(Portal portal) {
    return desired.isInForce(portal);
  }

  static String policy(Service service, Portal portal) {
    TrafficPolicy policy =
        portal.kind() == Portal.Kind.CLUSTER_IP
            ? service.internalPolicy()
            : service.external().policy();
    return policy == TrafficPolicy.LOCAL ? "Local" : "Cluster";
  }

  Map<ServerKey, Endpoint> endpoints(Service service, ServicePort port, AddressFamily family) {
    Map<ServerKey, Endpoint> endpoints = new LinkedHashMap<>();
    List<PortEndpoint> all =
        PortEndpoints.of(port, family, slices.getOrDefault(service.name(), List.of()), nodeName);
    all.forEach(each -> endpoints.put(each.key(), each.endpoint()));
    return endpoints;
  }

  /** Of a way in that is not in force. */
  String lost(ServiceKey.Address key, Portal portal) {
    Conflict conflict = conflicts.get(key.toString());
    if (conflict == null && portal.claim().isPresent()) {
      conflict = conflicts.get(portal.claim().get().toString());
    }
    return conflict == null
        ? "left out, an older Service has it"
        : "left out, the older Service " + conflict.winner() + " has it";
  }

  /** No port of the Service, and nothing in the kernel: the daemon itself answers there. */
  static Optional<Entrance> healthCheck(Service service) {
    int port = service.external().healthCheckNodePort();
    if (port == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Entrance(
            service.name().namespace(),
            service.name().name(),
            "",
            "health check node port",
            Protocol.TCP,
            Optional.empty(),
            port,
            "Local",
            "",
            0,
            "",
            Optional.empty(),
            List.of()));
  }
}
