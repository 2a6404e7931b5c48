package io.kubeipvs.proxy.inspect;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.ObservedSet;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsConnection;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.ProcIpVs;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.ipvs.Tunnel;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.Conntrack;
import io.kubeipvs.netlink.conntrack.Flow;
import io.kubeipvs.netlink.route.LinkAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.Route;
import io.kubeipvs.netlink.route.Routes;
import io.kubeipvs.netlink.route.RoutingRule;
import io.kubeipvs.proxy.diff.VipBinding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the kernel, as much of it as is asked for, and writes nothing. What changes while it is
 * read is read again by the gateways; a service that is gone between two reads is left out.
 */
public final class KernelReader {

  /** What can be asked for. Routing, the release and sysctls cost nothing and are always read. */
  public enum Content {
    IPVS,

    /**
     * In the place of {@link #IPVS}: servers without their counters, thresholds and tunnels, for
     * the price of one read instead of one for each service ({@link ProcIpVs}).
     */
    IPVS_OVERVIEW,
    SETS,
    RULES,

    /** Of IPVS, with templates of persistence; and whom rules remember. */
    CONNECTIONS,
    FLOWS
  }

  private static final List<Protocol> TRACKED = List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP);

  private final KernelGates gates;
  private final SystemFiles files;

  public KernelReader(KernelGates gates, SystemFiles files) {
    this.gates = gates;
    this.files = files;
  }

  /** What was not asked for is missing, and says so. */
  public KernelState read(Set<Content> contents) {
    return new KernelState(
        files.release(),
        files.hasIpv6(),
        contents.contains(Content.IPVS_OVERVIEW)
            ? Part.read(this::overview)
            : wanted(contents, Content.IPVS, this::ipvs),
        wanted(contents, Content.SETS, this::sets),
        Part.read(this::routing),
        wanted(contents, Content.RULES, gates::rules),
        wanted(contents, Content.CONNECTIONS, this::connections),
        wanted(contents, Content.FLOWS, this::flows),
        Part.read(files::schedulers),
        files.sysctls(),
        Part.read(files::listeners),
        wanted(contents, Content.CONNECTIONS, files::recentClients));
  }

  private static <T> Part<T> wanted(
      Set<Content> contents, Content content, Part.Reading<T> reading) {
    return contents.contains(content) ? Part.read(reading) : Part.missing("not read");
  }

  private IpvsTable ipvs() throws IOException {
    try (Ipvs ipvs = gates.ipvs()) {
      List<IpvsTable.Entry> entries = new ArrayList<>();
      for (ObservedService observed : ipvs.services()) {
        ServiceKey key = observed.service().key();
        List<ObservedServer> servers = ipvs.servers(key);
        if (!servers.isEmpty() || ipvs.service(key).isPresent()) {
          entries.add(new IpvsTable.Entry(observed.service(), observed.statistics(), servers));
        }
      }
      return new IpvsTable(ipvs.info(), ipvs.timeouts(), entries);
    }
  }

  private IpvsTable overview() throws IOException {
    try (Ipvs ipvs = gates.ipvs()) {
      List<ObservedService> services = ipvs.services();
      Map<ServiceKey.Address, List<ProcIpVs.Server>> lines =
          ipvs.overview().map(ProcIpVs::services).orElse(Map.of());
      List<IpvsTable.Entry> entries = new ArrayList<>();
      for (ObservedService observed : services) {
        ServiceKey key = observed.service().key();
        List<ProcIpVs.Server> ofService =
            key instanceof ServiceKey.Address address ? lines.get(address) : null;
        List<ObservedServer> servers =
            ofService == null
                ? ipvs.servers(key)
                : ofService.stream().map(KernelReader::server).toList();
        entries.add(new IpvsTable.Entry(observed.service(), observed.statistics(), servers));
      }
      return new IpvsTable(ipvs.info(), ipvs.timeouts(), entries);
    }
  }

  private static ObservedServer server(ProcIpVs.Server line) {
    return new ObservedServer(
        new RealServer(line.key(), line.method(), line.weight(), 0, 0, Tunnel.DEFAULT),
        line.activeConnections(),
        line.inactiveConnections(),
        0,
        Statistics.ZERO);
  }

  /**
   * The same table with these services read anew: an overview that was read while the table changed
   * may show an entry twice or not at all.
   */
  public IpvsTable verified(IpvsTable table, Set<ServiceKey> doubtful) throws IOException {
    try (Ipvs ipvs = gates.ipvs()) {
      List<IpvsTable.Entry> entries = new ArrayList<>();
      table.entries().stream()
          .filter(entry -> !doubtful.contains(entry.service().key()))
          .forEach(entries::add);
      for (ServiceKey key : doubtful) {
        Optional<ObservedService> service = ipvs.service(key);
        if (service.isPresent()) {
          entries.add(
              new IpvsTable.Entry(
                  service.get().service(), service.get().statistics(), ipvs.servers(key)));
        }
      }
      return new IpvsTable(table.info(), table.timeouts(), entries);
    }
  }

  private List<ObservedSet> sets() throws IOException {
    try (IpSets sets = gates.sets()) {
      return sets.list();
    }
  }

  private Routing routing() throws IOException {
    try (Routes routes = gates.routes()) {
      List<LinkAddress> addresses = new ArrayList<>();
      List<LocalRoute> local = new ArrayList<>();
      List<Route> all = new ArrayList<>();
      SortedMap<AddressFamily, List<RoutingRule>> rules = new TreeMap<>();
      for (AddressFamily family : AddressFamily.values()) {
        addresses.addAll(routes.addresses(family));
        local.addAll(routes.localRoutes(family, VipBinding.ROUTE_PROTOCOL));
        all.addAll(routes.routes(family));
        rules.put(family, routes.routingRules(family));
      }
      return new Routing(routes.links(), addresses, local, all, rules);
    }
  }

  private List<IpvsConnection> connections() throws IOException {
    try (Ipvs ipvs = gates.ipvs()) {
      return ipvs.connections();
    }
  }

  private List<Flow> flows() throws IOException {
    try (Conntrack conntrack = gates.conntrack()) {
      List<Flow> flows = new ArrayList<>();
      for (AddressFamily family : AddressFamily.values()) {
        for (Protocol protocol : TRACKED) {
          flows.addAll(conntrack.flows(family, protocol));
        }
      }
      return flows;
    }
  }
}
