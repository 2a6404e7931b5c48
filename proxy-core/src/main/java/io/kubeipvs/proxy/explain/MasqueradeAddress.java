package io.kubeipvs.proxy.explain;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.Route;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which of its addresses the kernel gives a packet that leaves by a device: {@code
 * inet_select_addr} for IPv4, {@code ipv6_dev_get_saddr} (RFC 6724) for IPv6.
 */
final class MasqueradeAddress {
  private final Facts facts;

  MasqueradeAddress(Facts facts) {
    this.facts = facts;
  }

  /** By the route it has ({@code nf_nat_masquerade_ipv4}); empty where no address fits. */
  Optional<IpAddress> choose(Branch branch) {
    IpAddress destination = branch.packet().destination();
    Route route = branch.route();
    IpAddress next = route == null ? destination : route.gateway().orElse(destination);
    return choose(branch.packet().out(), destination, next);
  }

  /**
   * @param next the neighbour the packet goes to
   */
  Optional<IpAddress> choose(String device, IpAddress destination, IpAddress next) {
    return destination.family() == AddressFamily.IPV4
        ? four(device, next)
        : six(device, destination);
  }

  Optional<IpAddress> firstAddress(String device, AddressFamily family) {
    return on(device, family).stream().map(LinkAddress::address).findFirst();
  }

  /** On the device, in the neighbour's network if there is one; else the first of any device. */
  private Optional<IpAddress> four(String device, IpAddress next) {
    List<LinkAddress> own = on(device, AddressFamily.IPV4);
    return own.stream()
        .filter(each -> new IpPrefix(each.address(), each.prefixLength()).contains(next))
        .findFirst()
        .or(() -> own.stream().findFirst())
        .or(this::firstOfAny)
        .map(LinkAddress::address);
  }

  private Optional<LinkAddress> firstOfAny() {
    return facts.addresses().stream()
        .filter(each -> each.address().family() == AddressFamily.IPV4)
        .filter(each -> !each.address().isLoopback() && !each.address().isLinkLocal())
        .min(Comparator.comparingInt(LinkAddress::linkIndex));
  }

  private List<LinkAddress> on(String device, AddressFamily family) {
    Optional<Link> link = facts.link(device);
    return facts.addresses().stream()
        .filter(each -> link.isPresent() && each.linkIndex() == link.get().index())
        .filter(each -> each.address().family() == family && !each.address().isLoopback())
        .toList();
  }

  /** The scope that fits, the device it leaves by, the longest common prefix: in this order. */
  private Optional<IpAddress> six(String device, IpAddress destination) {
    int out = facts.link(device).map(Link::index).orElse(0);
    return facts.addresses().stream()
        .filter(each -> each.address().family() == AddressFamily.IPV6)
        .filter(each -> !each.address().isLoopback())
        .filter(each -> destination.isLinkLocal() || !each.address().isLinkLocal())
        .max(
            Comparator.comparing((LinkAddress each) -> each.linkIndex() == out)
                .thenComparing(each -> isUniqueLocal(each.address()) == isUniqueLocal(destination))
                .thenComparing(each -> commonBits(each.address(), destination)))
        .map(LinkAddress::address);
  }

  /** {@code fc00::/7}, to which the kernel gives a label of its own. */
  private static boolean isUniqueLocal(IpAddress address) {
    return address.high() >>> 57 == 0x7e;
  }

  private static int commonBits(IpAddress one, IpAddress other) {
    int high = Long.numberOfLeadingZeros(one.high() ^ other.high());
    return high < 64 ? high : 64 + Long.numberOfLeadingZeros(one.low() ^ other.low());
  }
}
