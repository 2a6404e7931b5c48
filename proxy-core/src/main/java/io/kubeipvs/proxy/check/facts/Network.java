package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Interfaces and what is local.
 *
 * @param vipRoutes local routes of ours
 */
public record Network(List<Link> links, List<LinkAddress> addresses, List<LocalRoute> vipRoutes) {
  /** The device that stands for IPVS. */
  public static final String DEVICE = "kube-ipvs0";

  public Network {
    links = List.copyOf(links);
    addresses = List.copyOf(addresses);
    vipRoutes = List.copyOf(vipRoutes);
  }

  public Optional<Link> link(String name) {
    return links.stream().filter(link -> link.name().equals(name)).findFirst();
  }

  public boolean hasDevice() {
    return link(DEVICE).isPresent();
  }

  public String linkName(int index) {
    return links.stream()
        .filter(link -> link.index() == index)
        .map(Link::name)
        .findFirst()
        .orElse("link " + index);
  }

  /** VIPs bound as addresses on {@link #DEVICE}; not what the kernel itself gives a device. */
  public Set<IpAddress> deviceVips() {
    int index = link(DEVICE).map(Link::index).orElse(-1);
    return addresses.stream()
        .filter(address -> address.linkIndex() == index)
        .map(LinkAddress::address)
        .filter(address -> !address.isLinkLocal())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  public Set<IpAddress> routedVips() {
    return vipRoutes.stream()
        .map(LocalRoute::destination)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Addresses on all interfaces but {@link #DEVICE}. */
  public List<LinkAddress> nodeAddresses() {
    int index = link(DEVICE).map(Link::index).orElse(-1);
    return addresses.stream().filter(address -> address.linkIndex() != index).toList();
  }

  /** Everything that packets may be sent to here. */
  public Set<IpAddress> local() {
    Set<IpAddress> local = routedVips();
    addresses.forEach(address -> local.add(address.address()));
    return local;
  }
}
