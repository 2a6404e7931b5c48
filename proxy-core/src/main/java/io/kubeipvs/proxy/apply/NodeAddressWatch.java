package io.kubeipvs.proxy.apply;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.NetlinkTrace;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.NetlinkRoutes;
import io.kubeipvs.netlink.route.RouteNotifications;
import io.kubeipvs.netlink.route.Routes;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells when the node's own addresses are others than before. Every pod that starts or ends brings
 * notifications about its device; they are told apart here, by reading the addresses again, so that
 * only a real change costs more than that.
 */
public final class NodeAddressWatch implements Closeable {
  private final String deviceName;
  private final Routes routes;
  private final RouteNotifications notifications;
  private volatile int deviceIndex;
  private Set<IpAddress> known;

  private NodeAddressWatch(String deviceName, NetlinkTrace trace) throws IOException {
    this.deviceName = deviceName;
    this.routes = NetlinkRoutes.open(trace);
    this.notifications = RouteNotifications.open(trace, index -> index == deviceIndex);
    this.known = read();
  }

  /**
   * Opens sockets of its own; what changes from now on is noticed.
   *
   * @param deviceName the device of VIPs, whose addresses are not the node's
   */
  public static NodeAddressWatch open(String deviceName, NetlinkTrace trace) throws IOException {
    return new NodeAddressWatch(deviceName, trace);
  }

  /** Waits at most that long; whether the addresses have changed. */
  public boolean await(Duration atMost) throws IOException {
    if (!notifications.await(atMost)) {
      return false;
    }
    Set<IpAddress> now = read();
    boolean changed = !now.equals(known);
    known = now;
    return changed;
  }

  private Set<IpAddress> read() throws IOException {
    deviceIndex = routes.link(deviceName).map(Link::index).orElse(0);
    Set<IpAddress> addresses = new TreeSet<>();
    for (AddressFamily family : AddressFamily.values()) {
      for (LinkAddress address : routes.addresses(family)) {
        boolean kernels = family == AddressFamily.IPV6 && address.address().isLinkLocal();
        if (address.linkIndex() != deviceIndex && !kernels) {
          addresses.add(address.address());
        }
      }
    }
    return addresses;
  }

  @Override
  public void close() throws IOException {
    notifications.close();
    routes.close();
  }
}
