package io.kubeipvs.proxy.apply;

import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.iptables.Iptables;
import io.kubeipvs.iptables.SavedRules;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.Link;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks at everything in the kernel that we may have made. Writes nothing. */
public final class KernelObserver {
  private final Kernel kernel;
  private final String deviceName;

  public KernelObserver(Kernel kernel, String deviceName) {
    this.kernel = kernel;
    this.deviceName = deviceName;
  }

  /**
   * A full look: a dump of each table, two runs of {@code iptables-save}, and no process for a
   * single object.
   */
  public Observation observe() throws IOException {
    KernelMirror mirror = new KernelMirror();
    services(mirror);
    sets(mirror);
    List<IpAddress> nodeAddresses = addresses(mirror);
    Map<AddressFamily, SavedRules> rules = new EnumMap<>(AddressFamily.class);
    for (Map.Entry<AddressFamily, Iptables> iptables : kernel.iptables().entrySet()) {
      rules.put(iptables.getKey(), iptables.getValue().save());
    }
    return new Observation(mirror, rules, nodeAddresses);
  }

  private void services(KernelMirror mirror) throws IOException {
    for (ObservedService observed : kernel.ipvs().services()) {
      ServiceKey key = observed.service().key();
      List<ObservedServer> servers = kernel.ipvs().servers(key);
      Map<ServerKey, RealServer> byKey = new TreeMap<>();
      servers.forEach(server -> byKey.put(server.server().key(), server.server()));
      mirror.putService(observed.service(), byKey);
      mirror.refresh(key, servers);
    }
  }

  private void sets(KernelMirror mirror) throws IOException {
    for (SetName name : KubeSets.ALL.keySet()) {
      Optional<ObservedSet> set = kernel.sets().list(name);
      set.ifPresent(observed -> mirror.putSet(observed.header(), observed.entries()));
    }
  }

  /** Routes and addresses; answers those that are not on our device. */
  private List<IpAddress> addresses(KernelMirror mirror) throws IOException {
    Optional<Link> device = kernel.routes().link(deviceName);
    mirror.putDevice(device.isPresent());
    List<IpAddress> others = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      for (LocalRoute route : kernel.routes().localRoutes(family, VipBinding.ROUTE_PROTOCOL)) {
        mirror.putRoute(route);
      }
      for (LinkAddress address : kernel.routes().addresses(family)) {
        if (device.isPresent() && device.get().index() == address.linkIndex()) {
          ours(mirror, address);
        } else {
          others.add(address.address());
        }
      }
    }
    return others;
  }

  /** The kernel itself gives a device that is up a link-local address: not a VIP. */
  private static void ours(KernelMirror mirror, LinkAddress address) {
    boolean kernels =
        address.address().isLinkLocal() && address.address().family() == AddressFamily.IPV6;
    if (!kernels) {
      mirror.putAddress(address.address());
    }
  }

  /** Looks at the servers of those services only: their connections are what draining waits for. */
  public void refresh(KernelMirror mirror, Iterable<ServiceKey> keys) throws IOException {
    for (ServiceKey key : keys) {
      if (mirror.service(key) != null) {
        mirror.refresh(key, kernel.ipvs().servers(key));
      }
    }
  }
}
