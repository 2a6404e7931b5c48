package io.kubeipvs.proxy.model;

import io.kubeipvs.net.Protocol;
import java.util.Comparator;

/**
 * One of {@code spec.ports}.
 *
 * @param name empty when the Service has a single port and gave it none
 * @param port 1..65535
 * @param nodePort 1..65535, or 0 for none
 */
public record ServicePort(String name, Protocol protocol, int port, int nodePort)
    implements Comparable<ServicePort> {
  private static final Comparator<ServicePort> ORDER =
      Comparator.comparing(ServicePort::name)
          .thenComparing(ServicePort::protocol)
          .thenComparingInt(ServicePort::port)
          .thenComparingInt(ServicePort::nodePort);

  public ServicePort {
    Ports.check(port, 1);
    Ports.check(nodePort, 0);
  }

  @Override
  public int compareTo(ServicePort other) {
    return ORDER.compare(this, other);
  }
}
