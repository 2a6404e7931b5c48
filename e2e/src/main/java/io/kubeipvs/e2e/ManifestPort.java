package io.kubeipvs.e2e;

import io.kubeipvs.net.Protocol;

/** A port of a Service, or of the EndpointSlices that answer for it under the same name. */
public record ManifestPort(String name, Protocol protocol, int number) {
  /** As an item of {@code ports}. */
  String yaml() {
    return "{name: %s, protocol: %s, port: %d}".formatted(name, protocol, number);
  }

  /** As lines of {@code ports}, or nothing. */
  static String yaml(Iterable<ManifestPort> ports, String indent) {
    StringBuilder text = new StringBuilder();
    ports.forEach(port -> text.append(indent).append("- ").append(port.yaml()).append('\n'));
    return text.toString();
  }
}
