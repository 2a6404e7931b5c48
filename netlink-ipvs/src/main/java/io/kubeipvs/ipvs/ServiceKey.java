package io.kubeipvs.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import java.util.Comparator;

/** What identifies a virtual service in the kernel: protocol, address and port, or a mark. */
public sealed interface ServiceKey extends Comparable<ServiceKey> {

  AddressFamily family();

  static Address of(Protocol protocol, IpAddress address, int port) {
    return new Address(protocol, address, port);
  }

  static FirewallMark ofMark(AddressFamily family, int mark) {
    return new FirewallMark(family, mark);
  }

  /** Marks after addresses; addresses by protocol, address, port. */
  @Override
  default int compareTo(ServiceKey other) {
    if (this instanceof Address a && other instanceof Address b) {
      return Address.ORDER.compare(a, b);
    }
    if (this instanceof FirewallMark a && other instanceof FirewallMark b) {
      return FirewallMark.ORDER.compare(a, b);
    }
    return this instanceof Address ? -1 : 1;
  }

  /** Prints as {@code ipvsadm} does: {@code TCP 10.96.0.10:80}. Port 0 means every port. */
  record Address(Protocol protocol, IpAddress address, int port) implements ServiceKey {
    private static final Comparator<Address> ORDER =
        Comparator.comparing(Address::protocol)
            .thenComparing(Address::address)
            .thenComparingInt(Address::port);

    public Address {
      Ports.check(port);
    }

    @Override
    public AddressFamily family() {
      return address.family();
    }

    @Override
    public String toString() {
      return protocol + " " + address.withPort(port);
    }
  }

  /** Packets that carry this {@code skb->mark}. An unsigned 32-bit number, never 0. */
  record FirewallMark(AddressFamily family, int mark) implements ServiceKey {
    private static final Comparator<FirewallMark> ORDER =
        Comparator.comparing(FirewallMark::family)
            .thenComparing(FirewallMark::mark, Integer::compareUnsigned);

    public FirewallMark {
      if (mark == 0) {
        throw new IllegalArgumentException("a firewall mark is never 0");
      }
    }

    @Override
    public String toString() {
      return "FWM "
          + Integer.toUnsignedString(mark)
          + (family == AddressFamily.IPV6 ? " IPv6" : "");
    }
  }
}
