package io.kubeipvs.netlink.route;

import io.kubeipvs.net.IpAddress;
import java.util.Comparator;

/** An address on an interface, with the length of the interface's network. */
public record LinkAddress(int linkIndex, IpAddress address, int prefixLength)
    implements Comparable<LinkAddress> {
  private static final Comparator<LinkAddress> ORDER =
      Comparator.comparingInt(LinkAddress::linkIndex)
          .thenComparing(LinkAddress::address)
          .thenComparingInt(LinkAddress::prefixLength);

  public LinkAddress {
    if (prefixLength < 0 || prefixLength > address.family().bits()) {
      throw new IllegalArgumentException(
          "prefix length " + prefixLength + " is not in 0.." + address.family().bits());
    }
  }

  /** The address alone, as a VIP is bound: {@code /32} or {@code /128}. */
  public static LinkAddress host(int linkIndex, IpAddress address) {
    return new LinkAddress(linkIndex, address, address.family().bits());
  }

  @Override
  public int compareTo(LinkAddress other) {
    return ORDER.compare(this, other);
  }

  /** {@code 10.96.0.1/32}. */
  @Override
  public String toString() {
    return address + "/" + prefixLength;
  }
}
