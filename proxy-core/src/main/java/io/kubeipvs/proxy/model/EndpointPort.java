package io.kubeipvs.proxy.model;

import io.kubeipvs.net.Protocol;
import java.util.Comparator;

/** A port of an EndpointSlice; it serves the Service's port of its name. */
public record EndpointPort(String name, Protocol protocol, int port)
    implements Comparable<EndpointPort> {
  private static final Comparator<EndpointPort> ORDER =
      Comparator.comparing(EndpointPort::name)
          .thenComparing(EndpointPort::protocol)
          .thenComparingInt(EndpointPort::port);

  public EndpointPort {
    Ports.check(port, 1);
  }

  /** Whether it serves that port of the Service: the same name, the same protocol. */
  public boolean serves(ServicePort servicePort) {
    return name.equals(servicePort.name()) && protocol.equals(servicePort.protocol());
  }

  @Override
  public int compareTo(EndpointPort other) {
    return ORDER.compare(this, other);
  }
}
