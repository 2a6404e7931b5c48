package io.kubeipvs.proxy.inspect.steps;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.Words;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.Claim;
import io.kubeipvs.proxy.state.Conflict;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The cluster's Services by the names that comments of rules have for them. */
final class ServicesOfRules {
  private final Map<String, ServiceName> ports = new HashMap<>();
  private final Map<ServiceName, Map<IpAddress, Endpoint>> endpoints = new HashMap<>();
  private final Map<String, Conflict> conflicts = new HashMap<>();

  ServicesOfRules(Cluster cluster, Collection<Conflict> conflicts) {
    for (Service service : cluster.services()) {
      service.ports().forEach(port -> ports.put(service.portName(port).toString(), service.name()));
    }
    for (EndpointSlice slice : cluster.slices()) {
      Map<IpAddress, Endpoint> ofService =
          endpoints.computeIfAbsent(slice.service(), name -> new HashMap<>());
      slice.endpoints().forEach(endpoint -> ofService.put(endpoint.address(), endpoint));
    }
    conflicts.forEach(each -> this.conflicts.put(each.loser() + " " + each.claim(), each));
  }

  /** Whether there is a port of that name: {@code default/web:http}. */
  boolean has(String port) {
    return ports.containsKey(port);
  }

  /** The older Service that has what this one wants too. */
  Optional<Conflict> conflict(String port, Claim claim) {
    return Optional.ofNullable(conflicts.get(port + " " + claim));
  }

  /** {@code pod web-1 on node1 of Service default/web:http: ready}. */
  String wanted(String port, ServerKey server) {
    Endpoint endpoint = endpoint(port, server);
    return endpoint == null
        ? "endpoint " + server + " of Service " + port
        : Words.endpoint(endpoint) + " of Service " + port + ": " + Words.condition(endpoint);
  }

  /** Why a server has no place any more. */
  String unwanted(String port, ServerKey server) {
    if (!has(port)) {
      return nobody(port);
    }
    Endpoint endpoint = endpoint(port, server);
    if (endpoint == null) {
      return "no endpoint of Service " + port + " any more";
    }
    String who = Words.endpoint(endpoint) + " of Service " + port;
    return endpoint.ready()
        ? who + " is not for this node, by policy or topology"
        : who + " is " + Words.condition(endpoint);
  }

  static String nobody(String port) {
    return "no Service asks for it" + (port.isEmpty() ? "" : "; Service " + port + " did");
  }

  private @Nullable Endpoint endpoint(String port, ServerKey server) {
    ServiceName service = ports.get(port);
    return service == null ? null : endpoints.getOrDefault(service, Map.of()).get(server.address());
  }
}
