package io.kubeipvs.proxy.explain;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.inspect.Cluster;
import io.kubeipvs.proxy.inspect.Words;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointPort;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.plan.iptables.ServiceChains;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the cluster calls addresses and chains. */
final class Names {
  private final Map<IpAddress, Place> places = new HashMap<>();
  private final Map<String, IpAddress> pods = new HashMap<>();
  private final Map<String, String> chains = new HashMap<>();

  /**
   * @param pod {@code default/web-1}; empty where no name is known
   * @param node empty where it is not known
   */
  record Place(String pod, String node) {}

  Names(Optional<Cluster> cluster) {
    cluster.ifPresent(this::learn);
  }

  private void learn(Cluster cluster) {
    cluster.slices().forEach(this::learn);
    for (Service service : cluster.services()) {
      List<EndpointSlice> own =
          cluster.slices().stream().filter(s -> s.service().equals(service.name())).toList();
      for (ServicePort port : service.ports()) {
        chains.putAll(ServiceChains.of(service.portName(port), servers(own, port)));
      }
    }
  }

  private void learn(EndpointSlice slice) {
    for (Endpoint endpoint : slice.endpoints()) {
      String pod =
          endpoint.pod().isEmpty() ? "" : slice.service().namespace() + "/" + endpoint.pod();
      places.put(endpoint.address(), new Place(pod, endpoint.nodeName()));
      if (!pod.isEmpty()) {
        pods.putIfAbsent(pod, endpoint.address());
      }
    }
  }

  private static Map<ServerKey, String> servers(List<EndpointSlice> slices, ServicePort port) {
    Map<ServerKey, String> servers = new LinkedHashMap<>();
    for (EndpointSlice slice : slices) {
      for (EndpointPort own : slice.ports()) {
        if (own.serves(port)) {
          slice
              .endpoints()
              .forEach(e -> servers.put(new ServerKey(e.address(), own.port()), words(e)));
        }
      }
    }
    return servers;
  }

  private static String words(Endpoint endpoint) {
    return endpoint.pod().isEmpty() && endpoint.nodeName().isEmpty()
        ? ""
        : Words.endpoint(endpoint);
  }

  Optional<Place> place(IpAddress address) {
    return Optional.ofNullable(places.get(address));
  }

  /** The address of {@code default/web-1}, as far as it is an endpoint. */
  Optional<IpAddress> pod(String name) {
    return Optional.ofNullable(pods.get(name));
  }

  /** {@code default/web:http, endpoints anywhere}; empty for a chain that is no Service's. */
  String chain(String name) {
    return chains.getOrDefault(name, "");
  }
}
