package io.kubeipvs.proxy.model;

import io.kubeipvs.net.Protocol;
import java.util.Comparator;

/** What identifies a port of a Service: its name (which may be empty) and its protocol. */
public record ServicePortName(ServiceName service, String port, Protocol protocol)
    implements Comparable<ServicePortName> {
  private static final Comparator<ServicePortName> ORDER =
      Comparator.comparing(ServicePortName::service)
          .thenComparing(ServicePortName::port)
          .thenComparing(ServicePortName::protocol);

  @Override
  public int compareTo(ServicePortName other) {
    return ORDER.compare(this, other);
  }

  /** {@code default/web:http}, or {@code default/web} for a port without a name. */
  @Override
  public String toString() {
    return port.isEmpty() ? service.toString() : service + ":" + port;
  }
}
