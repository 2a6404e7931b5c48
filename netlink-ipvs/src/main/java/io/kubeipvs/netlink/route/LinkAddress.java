package io.kubeipvs.netlink.route;

import io.kubeipvs.net.IpAddress;

/** An address on an interface, with the length of the interface's network. */
public record LinkAddress(int linkIndex, IpAddress address, int prefixLength)
    implements Comparable<LinkAddress> {
  @Override
  public int compareTo(LinkAddress other) {
    int byLink = Integer.compare(linkIndex, other.linkIndex);
    return byLink != 0 ? byLink : address.compareTo(other.address);
  }
}
