package io.kubeipvs.proxy.apply;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.Routes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The addresses on the node's devices, but for the one that holds VIPs. */
public final class InterfaceAddresses {
  private final Routes routes;
  private final String vipDevice;

  public InterfaceAddresses(Routes routes, String vipDevice) {
    this.routes = routes;
    this.vipDevice = vipDevice;
  }

  /** In the kernel's order. */
  public List<IpAddress> read() throws IOException {
    int without = routes.link(vipDevice).map(Link::index).orElse(0);
    List<IpAddress> addresses = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      routes.addresses(family).stream()
          .filter(address -> address.linkIndex() != without)
          .map(LinkAddress::address)
          .forEach(addresses::add);
    }
    return addresses;
  }
}
