package io.kubeipvs.proxy.plan;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointPort;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.ServicePort;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Gathers the endpoints of one port of a Service from its slices. */
public final class PortEndpoints {
  private PortEndpoints() {}

  /**
   * The endpoints of that family that serve that port, each ip:port once, in order. While an
   * endpoint moves from one slice to another both may have it: one that is of this node counts,
   * otherwise that of the slice whose name comes first.
   */
  public static List<PortEndpoint> of(
      ServicePort port, AddressFamily family, Collection<EndpointSlice> slices, String nodeName) {
    Map<ServerKey, PortEndpoint> found = new TreeMap<>();
    slices.stream()
        .filter(slice -> slice.family() == family)
        .sorted((a, b) -> a.name().compareTo(b.name()))
        .forEach(slice -> gather(port, slice, nodeName, found));
    return List.copyOf(found.values());
  }

  private static void gather(
      ServicePort port, EndpointSlice slice, String nodeName, Map<ServerKey, PortEndpoint> found) {
    for (EndpointPort endpointPort : slice.ports()) {
      if (!endpointPort.serves(port)) {
        continue;
      }
      for (Endpoint endpoint : slice.endpoints()) {
        ServerKey key = new ServerKey(endpoint.address(), endpointPort.port());
        found.merge(
            key,
            new PortEndpoint(key, endpoint),
            (old, more) -> more.isLocalTo(nodeName) && !old.isLocalTo(nodeName) ? more : old);
      }
    }
  }
}
