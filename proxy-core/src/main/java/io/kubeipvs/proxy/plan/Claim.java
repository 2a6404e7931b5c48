package io.kubeipvs.proxy.plan;

import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.Protocol;
import java.util.Comparator;

/** What only one Service may own. The older Service has it; the other waits until it is free. */
public sealed interface Claim extends Comparable<Claim> {

  /** Addresses before node ports. */
  @Override
  default int compareTo(Claim other) {
    if (this instanceof Address a && other instanceof Address b) {
      return a.key().compareTo(b.key());
    }
    if (this instanceof NodePort a && other instanceof NodePort b) {
      return NodePort.ORDER.compare(a, b);
    }
    return this instanceof Address ? -1 : 1;
  }

  /** A port of a VIP. */
  record Address(ServiceKey.Address key) implements Claim {
    @Override
    public String toString() {
      return key.toString();
    }
  }

  /** A port of every node address, of both families. */
  record NodePort(Protocol protocol, int port) implements Claim {
    private static final Comparator<NodePort> ORDER =
        Comparator.comparing(NodePort::protocol).thenComparingInt(NodePort::port);

    @Override
    public String toString() {
      return protocol + " node port " + port;
    }
  }
}
