package io.kubeipvs.proxy.metrics;

import io.kubeipvs.ipset.IpSets;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.ProcIpVs;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.netlink.KernelFile;
import io.kubeipvs.proxy.apply.NoIpvs;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.plan.ipvs.KubeSets;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the kernel counts, read when somebody asks. Of connection tracking in every mode; of IPVS,
 * where there is any: a dump of the virtual services, one text with all servers, the headers of the
 * sets, and a dump of servers for each virtual service that is shown one by one, of which there is
 * a limit.
 */
public final class KernelFigures {
  private static final Path NETFILTER = Path.of("/proc/sys/net/netfilter");
  private static final String ACTIVE = "active";
  private static final String INACTIVE = "inactive";
  private static final String IN = "in";
  private static final String OUT = "out";

  private static final Comparator<Row> BY_NAME =
      Comparator.comparing((Row row) -> row.owner().service())
          .thenComparing(row -> row.observed().service().key());

  private final Ipvs ipvs;
  private final IpSets sets;
  private final Supplier<Collection<Service>> services;
  private final int detailLimit;
  private final Set<MetricNames> names;

  private record Row(Owners.Owner owner, ObservedService observed) {}

  /**
   * @param ipvs used by nobody else
   * @param sets used by nobody else
   * @param detailLimit how many virtual services and servers are shown one by one
   */
  public KernelFigures(
      Ipvs ipvs,
      IpSets sets,
      Supplier<Collection<Service>> services,
      int detailLimit,
      Set<MetricNames> names) {
    this.ipvs = ipvs;
    this.sets = sets;
    this.services = services;
    this.detailLimit = detailLimit;
    this.names = Set.copyOf(names);
  }

  void writeTo(Writer all) throws IOException {
    long start = System.nanoTime();
    SeriesText out = new SeriesText();
    if (!(ipvs instanceof NoIpvs)) {
      ipvs(out);
    }
    connectionTracking(out);
    out.addFraction(
        Metric.KERNEL_READ_SECONDS,
        TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start) / 1_000_000.0);
    out.writeTo(all);
  }

  private void ipvs(SeriesText out) throws IOException {
    List<ObservedService> observed = ipvs.services();
    Owners owners = new Owners(services.get());
    List<Row> rows = new ArrayList<>();
    for (ObservedService each : observed) {
      owners.of(each.service().key()).ifPresent(owner -> rows.add(new Row(owner, each)));
    }
    rows.sort(BY_NAME);
    out.add(Metric.SERVICES_PROGRAMMED, rows.size());
    out.add(Metric.SERVICES_FOREIGN, observed.size() - rows.size());
    Optional<ProcIpVs> overview = ipvs.overview();
    if (overview.isPresent()) {
      totals(rows, overview.get(), out);
    }
    details(rows, overview.map(ProcIpVs::services).orElse(Map.of()), out);
    sets(out);
    out.add(Metric.IPVS_CONNECTION_TABLE_BUCKETS, ipvs.info().connectionTableSize());
    if (names.contains(MetricNames.NODE_EXPORTER)) {
      new NodeExporterNames(out).totals(observed);
    }
    if (names.contains(MetricNames.KUBE_ROUTER)) {
      out.add(Metric.KUBE_ROUTER_CONTROLLER_IPVS_SERVICES, observed.size());
    }
  }

  private static void totals(List<Row> rows, ProcIpVs overview, SeriesText out) {
    long servers = 0;
    long active = 0;
    long inactive = 0;
    long draining = 0;
    for (Row row : rows) {
      if (row.observed().service().key() instanceof ServiceKey.Address key) {
        servers += overview.services().getOrDefault(key, List.of()).size();
      }
    }
    for (List<ProcIpVs.Server> list : overview.services().values()) {
      for (ProcIpVs.Server server : list) {
        active += Integer.toUnsignedLong(server.activeConnections());
        inactive += Integer.toUnsignedLong(server.inactiveConnections());
        draining += server.weight() == RealServer.DRAINING ? 1 : 0;
      }
    }
    out.add(Metric.SERVERS_DRAINING, draining);
    out.add(Metric.SERVERS_PROGRAMMED, servers);
    out.add(Metric.IPVS_CONNECTIONS, active, ACTIVE);
    out.add(Metric.IPVS_CONNECTIONS, inactive, INACTIVE);
  }

  private void details(
      List<Row> rows, Map<ServiceKey.Address, List<ProcIpVs.Server>> overview, SeriesText out)
      throws IOException {
    int shown = 0;
    int leftOut = 0;
    for (Row row : rows) {
      if (shown >= detailLimit) {
        leftOut++;
        continue;
      }
      shown++;
      service(row, out);
      sums(row, overview.getOrDefault(key(row), List.of()), out);
      for (ObservedServer server : ipvs.servers(row.observed().service().key())) {
        if (shown < detailLimit) {
          shown++;
          server(row, server, out);
        } else {
          leftOut++;
        }
      }
    }
    out.add(Metric.DETAIL_LEFT_OUT, leftOut);
  }

  private void service(Row row, SeriesText out) {
    List<String> labels = labels(row);
    Statistics counted = row.observed().statistics();
    out.add(Metric.SERVICE_CONNECTIONS_TOTAL, counted.connections(), labels);
    out.add(Metric.SERVICE_PACKETS_TOTAL, counted.incomingPackets(), and(labels, IN));
    out.add(Metric.SERVICE_PACKETS_TOTAL, counted.outgoingPackets(), and(labels, OUT));
    out.add(Metric.SERVICE_BYTES_TOTAL, counted.incomingBytes(), and(labels, IN));
    out.add(Metric.SERVICE_BYTES_TOTAL, counted.outgoingBytes(), and(labels, OUT));
    if (names.contains(MetricNames.KUBE_ROUTER)) {
      new KubeRouterNames(out).service(row.owner(), key(row), counted);
    }
  }

  /** Of all its servers, those too that are not shown one by one. */
  private static void sums(Row row, List<ProcIpVs.Server> servers, SeriesText out) {
    List<String> labels = labels(row);
    long active = 0;
    long inactive = 0;
    long draining = 0;
    for (ProcIpVs.Server server : servers) {
      active += Integer.toUnsignedLong(server.activeConnections());
      inactive += Integer.toUnsignedLong(server.inactiveConnections());
      draining += server.weight() == RealServer.DRAINING ? 1 : 0;
    }
    out.add(Metric.SERVICE_CONNECTIONS, active, and(labels, ACTIVE));
    out.add(Metric.SERVICE_CONNECTIONS, inactive, and(labels, INACTIVE));
    out.add(Metric.SERVICE_ENDPOINTS, servers.size() - draining, and(labels, "serving"));
    out.add(Metric.SERVICE_ENDPOINTS, draining, and(labels, "draining"));
  }

  private void server(Row row, ObservedServer server, SeriesText out) {
    String endpoint = server.server().key().toString();
    List<String> labels = and(labels(row), endpoint);
    Statistics counted = server.statistics();
    long active = Integer.toUnsignedLong(server.activeConnections());
    long inactive = Integer.toUnsignedLong(server.inactiveConnections());
    out.add(Metric.ENDPOINT_CONNECTIONS_TOTAL, counted.connections(), labels);
    out.add(Metric.ENDPOINT_PACKETS_TOTAL, counted.incomingPackets(), and(labels, IN));
    out.add(Metric.ENDPOINT_PACKETS_TOTAL, counted.outgoingPackets(), and(labels, OUT));
    out.add(Metric.ENDPOINT_BYTES_TOTAL, counted.incomingBytes(), and(labels, IN));
    out.add(Metric.ENDPOINT_BYTES_TOTAL, counted.outgoingBytes(), and(labels, OUT));
    out.add(Metric.ENDPOINT_CONNECTIONS, active, and(labels, ACTIVE));
    out.add(Metric.ENDPOINT_CONNECTIONS, inactive, and(labels, INACTIVE));
    out.add(Metric.ENDPOINT_WEIGHT, server.server().weight(), labels);
    if (names.contains(MetricNames.NODE_EXPORTER)) {
      new NodeExporterNames(out).server(key(row), server);
    }
  }

  /** An owner is found by address only. */
  private static ServiceKey.Address key(Row row) {
    return (ServiceKey.Address) row.observed().service().key();
  }

  private static List<String> labels(Row row) {
    ServiceKey.Address key = key(row);
    Owners.Owner owner = row.owner();
    return List.of(
        owner.service().namespace(),
        owner.service().name(),
        owner.port(),
        owner.kind(),
        key.protocol().toString(),
        key.address().withPort(key.port()));
  }

  private static List<String> and(List<String> labels, String more) {
    List<String> all = new ArrayList<>(labels);
    all.add(more);
    return all;
  }

  private void sets(SeriesText out) throws IOException {
    for (SetHeader set : sets.headers()) {
      if (KubeSets.ALL.containsKey(set.name()) && set.elements() >= 0) {
        out.add(Metric.IPSET_ENTRIES, set.elements(), set.name().toString());
        long maximum =
            set.lastPort() > 0
                ? set.lastPort() - set.firstPort() + 1
                : Integer.toUnsignedLong(set.maximumElements());
        out.add(Metric.IPSET_MAX_ENTRIES, maximum, set.name().toString());
      }
    }
  }

  private static void connectionTracking(SeriesText out) {
    file(Metric.CONNTRACK_ENTRIES, "nf_conntrack_count", out);
    file(Metric.CONNTRACK_MAX_ENTRIES, "nf_conntrack_max", out);
  }

  private static void file(Metric metric, String name, SeriesText out) {
    try {
      out.add(metric, Long.parseLong(KernelFile.read(NETFILTER.resolve(name))));
    } catch (IOException | NumberFormatException e) {
      // A kernel without connection tracking has no such figure, which its absence says.
      return;
    }
  }
}
