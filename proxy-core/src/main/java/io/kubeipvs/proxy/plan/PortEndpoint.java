package io.kubeipvs.proxy.plan;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.proxy.model.Endpoint;

/** An endpoint together with the port of it that serves a Service's port. */
public record PortEndpoint(ServerKey key, Endpoint endpoint) {
  public boolean isLocalTo(String nodeName) {
    return endpoint.nodeName().equals(nodeName) && !nodeName.isEmpty();
  }
}
