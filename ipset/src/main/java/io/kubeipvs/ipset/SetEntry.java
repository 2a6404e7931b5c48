package io.kubeipvs.ipset;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import java.util.Comparator;

/** A member of a set; {@code toString} is what {@code ipset list} prints. */
public sealed interface SetEntry extends Comparable<SetEntry> {

  /** Whether a set of that type can hold it. */
  boolean fits(SetType type);

  /** By kind, then by value: addresses as numbers, not as text. */
  @Override
  default int compareTo(SetEntry other) {
    return Order.compare(this, other);
  }

  /** Of {@code hash:ip}: {@code 10.96.0.1}. */
  record Ip(IpAddress address) implements SetEntry {
    @Override
    public boolean fits(SetType type) {
      return type == SetType.HASH_IP;
    }

    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** Of {@code hash:ip,port}: {@code 10.96.0.1,tcp:443}. */
  record IpPort(IpAddress address, Protocol protocol, int port) implements SetEntry {
    @Override
    public boolean fits(SetType type) {
      return type == SetType.HASH_IP_PORT;
    }

    @Override
    public String toString() {
      return address + "," + protocol.lowerCaseName() + ":" + port;
    }
  }

  /** Of {@code hash:ip,port,ip}: {@code 10.1.0.5,tcp:8080,10.1.0.5}. */
  record IpPortIp(IpAddress address, Protocol protocol, int port, IpAddress second)
      implements SetEntry {
    @Override
    public boolean fits(SetType type) {
      return type == SetType.HASH_IP_PORT_IP;
    }

    @Override
    public String toString() {
      return address + "," + protocol.lowerCaseName() + ":" + port + "," + second;
    }
  }

  /**
   * Of {@code hash:ip,port,net}: {@code 192.0.2.10,tcp:80,10.0.0.0/8}. A host's prefix prints
   * without its length, as the tool prints it. The kernel stores no prefix of length 0.
   */
  record IpPortNet(IpAddress address, Protocol protocol, int port, IpPrefix network)
      implements SetEntry {
    public IpPortNet {
      if (network.length() == 0) {
        throw new IllegalArgumentException("hash:ip,port,net stores no prefix of length 0");
      }
    }

    @Override
    public boolean fits(SetType type) {
      return type == SetType.HASH_IP_PORT_NET;
    }

    @Override
    public String toString() {
      boolean host = network.length() == network.family().bits();
      return address
          + ","
          + protocol.lowerCaseName()
          + ":"
          + port
          + ","
          + (host ? network.network() : network);
    }
  }

  /** Of {@code bitmap:port}: {@code 30080}. */
  record Port(int port) implements SetEntry {
    @Override
    public boolean fits(SetType type) {
      return type == SetType.BITMAP_PORT;
    }

    @Override
    public String toString() {
      return Integer.toString(port);
    }
  }

  /** The order of entries; a class of its own because interfaces have no private constants. */
  final class Order {
    private static final Comparator<IpPort> IP_PORT =
        Comparator.comparing(IpPort::address)
            .thenComparing(IpPort::protocol)
            .thenComparingInt(IpPort::port);
    private static final Comparator<IpPortIp> IP_PORT_IP =
        Comparator.comparing(IpPortIp::address)
            .thenComparing(IpPortIp::protocol)
            .thenComparingInt(IpPortIp::port)
            .thenComparing(IpPortIp::second);
    private static final Comparator<IpPortNet> IP_PORT_NET =
        Comparator.comparing(IpPortNet::address)
            .thenComparing(IpPortNet::protocol)
            .thenComparingInt(IpPortNet::port)
            .thenComparing(IpPortNet::network);

    private Order() {}

    static int compare(SetEntry a, SetEntry b) {
      if (a instanceof Ip x && b instanceof Ip y) {
        return x.address().compareTo(y.address());
      }
      if (a instanceof IpPort x && b instanceof IpPort y) {
        return IP_PORT.compare(x, y);
      }
      if (a instanceof IpPortIp x && b instanceof IpPortIp y) {
        return IP_PORT_IP.compare(x, y);
      }
      if (a instanceof IpPortNet x && b instanceof IpPortNet y) {
        return IP_PORT_NET.compare(x, y);
      }
      if (a instanceof Port x && b instanceof Port y) {
        return Integer.compare(x.port(), y.port());
      }
      return a.getClass().getName().compareTo(b.getClass().getName());
    }
  }
}
