package io.kubeipvs.proxy.check.facts;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.ProcIpVs;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.netlink.Errno;
import io.kubeipvs.netlink.NetlinkException;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.proxy.diff.VipBinding;
import io.kubeipvs.proxy.inspect.KernelGates;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kernel's tables, over netlink. */
final class KernelTables {
  private final KernelGates gateways;

  KernelTables(KernelGates gateways) {
    this.gateways = gateways;
  }

  Balancing balancing() throws IOException {
    try (Ipvs ipvs = gateways.ipvs()) {
      Optional<ProcIpVs> overview = ipvs.overview();
      List<Balancing.Entry> entries = new ArrayList<>();
      for (ObservedService observed : ipvs.services()) {
        entries.add(entry(observed, overview, ipvs));
      }
      return new Balancing(ipvs.info(), entries);
    }
  }

  /** One text has all servers but those of firewall marks; a dump for each service takes longer. */
  private static Balancing.Entry entry(
      ObservedService observed, Optional<ProcIpVs> overview, Ipvs ipvs) throws IOException {
    ServiceKey key = observed.service().key();
    if (key instanceof ServiceKey.Address address && overview.isPresent()) {
      List<ProcIpVs.Server> servers = overview.get().services().getOrDefault(address, List.of());
      long connections = 0;
      for (ProcIpVs.Server server : servers) {
        connections += sum(server.activeConnections(), server.inactiveConnections());
      }
      long draining = servers.stream().filter(server -> server.weight() == 0).count();
      return new Balancing.Entry(observed.service(), servers.size(), (int) draining, connections);
    }
    List<ObservedServer> servers = ipvs.servers(key);
    long connections = 0;
    for (ObservedServer server : servers) {
      connections += sum(server.activeConnections(), server.inactiveConnections());
    }
    long draining = servers.stream().filter(server -> server.server().weight() == 0).count();
    return new Balancing.Entry(observed.service(), servers.size(), (int) draining, connections);
  }

  private static long sum(int active, int inactive) {
    return Integer.toUnsignedLong(active) + Integer.toUnsignedLong(inactive);
  }

  List<ObservedSet> sets() throws IOException {
    try (IpSets sets = gateways.sets()) {
      List<ObservedSet> ours = new ArrayList<>();
      for (SetName name : KubeSets.ALL.keySet()) {
        sets.list(name).ifPresent(ours::add);
      }
      return ours;
    }
  }

  Network network() throws IOException {
    try (Routes routes = gateways.routes()) {
      List<LinkAddress> addresses = new ArrayList<>();
      List<LocalRoute> vips = new ArrayList<>();
      for (AddressFamily family : AddressFamily.values()) {
        addresses.addAll(routes.addresses(family));
        vips.addAll(vipRoutes(routes, family));
      }
      return new Network(routes.links(), addresses, vips);
    }
  }

  private static List<LocalRoute> vipRoutes(Routes routes, AddressFamily family)
      throws IOException {
    try {
      return routes.localRoutes(family, VipBinding.ROUTE_PROTOCOL);
    } catch (NetlinkException e) {
      if (e.is(Errno.ENOENT)) {
        return List.of(); // where not even lo is up there is no local table
      }
      throw e;
    }
  }
}
