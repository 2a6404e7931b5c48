package io.kubeipvs.proxy.diff;

import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;

/** A real server in its service. */
public record ServerPlace(ServiceKey service, ServerKey server) {
  @Override
  public String toString() {
    return service + " -> " + server;
  }
}
