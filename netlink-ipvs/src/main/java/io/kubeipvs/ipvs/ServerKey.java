package io.kubeipvs.ipvs;

import io.kubeipvs.net.IpAddress;
import java.util.Comparator;

/** What identifies a real server inside its virtual service. */
public record ServerKey(IpAddress address, int port) implements Comparable<ServerKey> {
  private static final Comparator<ServerKey> ORDER =
      Comparator.comparing(ServerKey::address).thenComparingInt(ServerKey::port);

  public ServerKey {
    Ports.check(port);
  }

  @Override
  public int compareTo(ServerKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return address.withPort(port);
  }
}
