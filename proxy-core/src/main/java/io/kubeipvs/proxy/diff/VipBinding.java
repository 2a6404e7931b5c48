package io.kubeipvs.proxy.diff;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.RouteCommand;
import java.util.Map;
import java.util.Optional;

/** How a VIP is made an address of this node ({@code --ipvs-vip-binding}). */
public sealed interface VipBinding {

  /** {@code rtm_protocol} of our routes; no other software in iproute2's table uses it. */
  int ROUTE_PROTOCOL = 75;

  RouteCommand open(IpAddress vip);

  /** The route this VIP should have; empty when it should have none. */
  Optional<LocalRoute> route(IpAddress vip);

  boolean isByAddress();

  static RouteCommand deleteRoute(LocalRoute route) {
    return new RouteCommand.DeleteRoute(route);
  }

  /**
   * A local route for each VIP.
   *
   * @param sources the address this host uses towards VIPs of a family; without one the kernel
   *     picks
   */
  record ByRoute(Map<AddressFamily, IpAddress> sources) implements VipBinding {
    public ByRoute {
      sources = Map.copyOf(sources);
    }

    @Override
    public RouteCommand open(IpAddress vip) {
      return new RouteCommand.AddRoute(localRoute(vip));
    }

    private LocalRoute localRoute(IpAddress vip) {
      return new LocalRoute(
          vip, Optional.ofNullable(sources.get(vip.family())), VipBinding.ROUTE_PROTOCOL);
    }

    @Override
    public Optional<LocalRoute> route(IpAddress vip) {
      return Optional.of(localRoute(vip));
    }

    @Override
    public boolean isByAddress() {
      return false;
    }
  }

  /** An address on a dummy device, as kube-proxy does it. */
  record ByAddress(String deviceName) implements VipBinding {
    @Override
    public RouteCommand open(IpAddress vip) {
      return new RouteCommand.AddAddress(deviceName, hostAddress(vip));
    }

    @Override
    public Optional<LocalRoute> route(IpAddress vip) {
      return Optional.empty();
    }

    @Override
    public boolean isByAddress() {
      return true;
    }
  }

  private static LinkAddress hostAddress(IpAddress vip) {
    return new LinkAddress(0, vip, vip.family().bits());
  }

  static RouteCommand deleteAddress(String deviceName, IpAddress vip) {
    return new RouteCommand.DeleteAddress(deviceName, hostAddress(vip));
  }
}
