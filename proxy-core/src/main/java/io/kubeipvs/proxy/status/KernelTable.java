package io.kubeipvs.proxy.status;

import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.ProcIpVs;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.metrics.Owners;
import io.kubeipvs.proxy.model.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All virtual services of the kernel with the sums of their servers, sorted by name. Read at most
 * once in so many seconds, however many ask: the kernel adds its counters up every two.
 */
final class KernelTable {
  static final Duration FRESH = Duration.ofMillis(1800);

  private final Ipvs ipvs;
  private final Supplier<Collection<Service>> services;
  private final Duration fresh;
  private @Nullable Contents contents;

  /** What was read, how long that took, and when it ended. */
  record Contents(List<Row> rows, Duration took, long nanoTime) {}

  /**
   * @param ipvs used on the thread of this table only
   * @param fresh how long what was read is as good as new
   */
  KernelTable(Ipvs ipvs, Supplier<Collection<Service>> services, Duration fresh) {
    this.fresh = fresh;
    this.ipvs = ipvs;
    this.services = services;
  }

  Contents contents(long now) throws IOException {
    Contents known = contents;
    if (known != null && now - known.nanoTime < fresh.toNanos()) {
      return known;
    }
    List<Row> rows = read();
    long end = System.nanoTime();
    Contents made = new Contents(rows, Duration.ofNanos(end - now), end);
    contents = made;
    return made;
  }

  /** Nobody has asked for a while: it may be large. */
  void forget() {
    contents = null;
  }

  private List<Row> read() throws IOException {
    Map<ServiceKey.Address, List<ProcIpVs.Server>> servers =
        ipvs.overview().map(ProcIpVs::services).orElse(Map.of());
    Owners owners = new Owners(services.get());
    List<Row> rows = new ArrayList<>();
    for (ObservedService service : ipvs.services()) {
      List<ProcIpVs.Server> list =
          service.service().key() instanceof ServiceKey.Address key
              ? servers.getOrDefault(key, List.of())
              : List.of();
      rows.add(row(service, owners, list));
    }
    rows.sort(Query.BY_NAME);
    return rows;
  }

  private static Row row(ObservedService service, Owners owners, List<ProcIpVs.Server> servers) {
    long active = 0;
    long inactive = 0;
    int draining = 0;
    for (ProcIpVs.Server server : servers) {
      active += Integer.toUnsignedLong(server.activeConnections());
      inactive += Integer.toUnsignedLong(server.inactiveConnections());
      draining += server.weight() == RealServer.DRAINING ? 1 : 0;
    }
    return new Row(
        owners.of(service.service().key()),
        service,
        active,
        inactive,
        servers.size() - draining,
        draining);
  }

  /** Services with a server at one of the addresses. */
  Set<ServiceKey> holders(Set<IpAddress> addresses) throws IOException {
    Set<ServiceKey> holders = new HashSet<>();
    if (!addresses.isEmpty()) {
      ipvs.overview()
          .map(ProcIpVs::services)
          .orElse(Map.of())
          .forEach(
              (key, servers) -> {
                if (servers.stream().anyMatch(each -> addresses.contains(each.key().address()))) {
                  holders.add(key);
                }
              });
    }
    return holders;
  }

  /** With their own figures, the heaviest first. */
  List<ObservedServer> servers(ServiceKey key) throws IOException {
    List<ObservedServer> servers = new ArrayList<>(ipvs.servers(key));
    servers.sort(
        (one, other) -> {
          int byWeight = Integer.compare(other.server().weight(), one.server().weight());
          return byWeight != 0 ? byWeight : one.server().key().compareTo(other.server().key());
        });
    return servers;
  }
}
