package io.kubeipvs.proxy.inspect;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.Comparator;

/**
 * A socket that takes connections, or datagrams of anybody.
 *
 * @param address {@code 0.0.0.0} or {@code ::} for all
 */
public record Listener(Protocol protocol, IpAddress address, int port)
    implements Comparable<Listener> {
  private static final Comparator<Listener> ORDER =
      Comparator.comparing(Listener::protocol)
          .thenComparingInt(Listener::port)
          .thenComparing(Listener::address);

  @Override
  public int compareTo(Listener other) {
    return ORDER.compare(this, other);
  }
}
