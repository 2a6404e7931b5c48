package io.kubeipvs.proxy.status;

import io.kubeipvs.ipvs.CommandFailure;
import io.kubeipvs.ipvs.ForwardingMethod;
import io.kubeipvs.ipvs.Ipvs;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.IpvsInfo;
import io.kubeipvs.ipvs.IpvsTimeouts;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ObservedService;
import io.kubeipvs.ipvs.ProcIpVs;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.ipvs.SyncDaemon;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointPort;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.SliceName;
import io.kubeipvs.proxy.state.ChangeTracker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster with traffic that no kernel has: as many Services as wanted, with connections and rates
 * that go up and down. Takes no commands.
 */
final class ClusterOnPaper implements Ipvs {
  private static final List<String> TEAMS =
      List.of("shop", "payments", "media", "search", "platform", "kube-system");
  private static final List<String> PARTS =
      List.of("web", "api", "cart", "login", "worker", "cache", "images", "queue", "dns", "ledger");

  private final int size;
  private final int endpoints;
  private final ChangeTracker tracker;
  private final Map<ServiceKey, VirtualService> services = new LinkedHashMap<>();
  private final Map<ServiceKey, List<RealServer>> servers = new LinkedHashMap<>();
  private int reads;

  ClusterOnPaper(int size, int endpoints, ChangeTracker tracker) {
    this.size = size;
    this.endpoints = endpoints;
    this.tracker = tracker;
  }

  ClusterOnPaper fill() {
    for (int i = 0; i < size; i++) {
      String name = PARTS.get(i % PARTS.size()) + (i < PARTS.size() ? "" : "-" + i / PARTS.size());
      add(TEAMS.get(i % TEAMS.size()), name, i);
    }
    return this;
  }

  void add(String namespace, String name, int number) {
    IpAddress vip = IpAddress.of("10.96.%d.%d".formatted(number >> 8 & 0xff, number & 0xff));
    ServiceName serviceName = new ServiceName(namespace, name);
    int port = number % 3 == 0 ? 443 : 80;
    tracker.service(
        Service.of(
            serviceName,
            Instant.EPOCH,
            List.of(vip),
            List.of(new ServicePort(port == 443 ? "https" : "http", Protocol.TCP, port, 0))));
    ServiceKey key = ServiceKey.of(Protocol.TCP, vip, port);
    boolean weighted = number % 4 == 1;
    VirtualService service = VirtualService.of(key, new Scheduler(weighted ? "wrr" : "rr"));
    services.put(key, number % 7 == 2 ? service.withPersistence(10_800) : service);
    List<RealServer> mine = new ArrayList<>();
    List<Endpoint> all = new ArrayList<>();
    int count = number % 11 == 10 ? 0 : 1 + (number * 7 + endpoints - 1) % endpoints;
    for (int i = 0; i < count; i++) {
      int n = number * endpoints + i;
      IpAddress pod = IpAddress.of("10.%d.%d.%d".formatted(128 + (n >> 16), n >> 8 & 255, n & 255));
      boolean drains = i == count - 1 && count > 2 && number % 5 == 3;
      int weight = drains ? 0 : weighted ? 1 + i % 3 : 1;
      mine.add(RealServer.masquerade(pod, 8080, weight));
      all.add(
          new Endpoint(
              pod,
              !drains,
              true,
              drains,
              "worker-" + (1 + n % 12),
              "",
              List.of(),
              List.of(),
              name + "-7d9f8c-" + Integer.toString(n * 7919 + 60_466_176, 36).substring(1)));
    }
    servers.put(key, mine);
    tracker.slice(
        new EndpointSlice(
            new SliceName(namespace, name + "-x7k2p"),
            serviceName,
            AddressFamily.IPV4,
            List.of(new EndpointPort(port == 443 ? "https" : "http", Protocol.TCP, 8080)),
            all));
  }

  /** Few have much, most have little, some have nothing. */
  private int traffic(ServiceKey key) {
    int place = Math.floorMod(key.hashCode() * 0x9e3779b1, Math.min(1000, 8 * size + 8));
    return place % 4 == 0 ? 0 : 1 + 40_000 / (place * place / 20 + 40);
  }

  private long rate(ServiceKey key) {
    double phase = reads / 5.0 + key.hashCode() % 100;
    double wave = 0.6 + 0.25 * Math.sin(phase) + 0.15 * Math.sin(phase * 2.7);
    return Math.round(traffic(key) * wave);
  }

  private Statistics statistics(ServiceKey key, int share) {
    long rate = rate(key) / share;
    return new Statistics(
        rate * 5000,
        rate * 40_000,
        rate * 38_000,
        0,
        0,
        rate,
        8 * rate,
        7 * rate,
        900 * rate,
        12_000 * rate);
  }

  @Override
  public List<ObservedService> services() {
    reads++;
    return services.values().stream()
        .map(
            service ->
                new ObservedService(
                    service,
                    statistics(
                        service.key(),
                        servers.getOrDefault(service.key(), List.of()).isEmpty() ? 1_000_000 : 1)))
        .toList();
  }

  @Override
  public List<ObservedServer> servers(ServiceKey key) {
    List<RealServer> mine = servers.getOrDefault(key, List.of());
    List<ObservedServer> all = new ArrayList<>();
    for (RealServer server : mine) {
      boolean drains = server.isDraining();
      all.add(
          new ObservedServer(
              server,
              active(key, server),
              3 * active(key, server),
              0,
              drains ? Statistics.ZERO : statistics(key, mine.size())));
    }
    return all;
  }

  private int active(ServiceKey key, RealServer server) {
    if (server.isDraining()) {
      return 2;
    }
    int busy = traffic(key);
    return busy == 0 ? 0 : server.weight() * busy / 3 + Math.floorMod(server.hashCode(), busy) / 6;
  }

  @Override
  public Optional<ProcIpVs> overview() {
    Map<ServiceKey.Address, List<ProcIpVs.Server>> all = new LinkedHashMap<>();
    servers.forEach(
        (key, mine) ->
            all.put(
                (ServiceKey.Address) key,
                mine.stream()
                    .map(
                        server ->
                            new ProcIpVs.Server(
                                server.key(),
                                ForwardingMethod.MASQUERADE,
                                server.weight(),
                                active(key, server),
                                3 * active(key, server)))
                    .toList()));
    return Optional.of(new ProcIpVs(all, 0));
  }

  @Override
  public Optional<ObservedService> service(ServiceKey key) {
    return Optional.empty();
  }

  @Override
  public IpvsInfo info() {
    return new IpvsInfo(0x10201, 4096);
  }

  @Override
  public List<CommandFailure> execute(List<? extends IpvsCommand> commands) {
    throw new UnsupportedOperationException("reads only");
  }

  @Override
  public void flush() {
    throw new UnsupportedOperationException("reads only");
  }

  @Override
  public void zero() {
    throw new UnsupportedOperationException("reads only");
  }

  @Override
  public void zero(ServiceKey key) {
    throw new UnsupportedOperationException("reads only");
  }

  @Override
  public IpvsTimeouts timeouts() {
    throw new UnsupportedOperationException("nobody asks");
  }

  @Override
  public void setTimeouts(IpvsTimeouts timeouts) {
    throw new UnsupportedOperationException("reads only");
  }

  @Override
  public List<SyncDaemon> daemons() {
    return List.of();
  }

  @Override
  public void startDaemon(SyncDaemon daemon) {
    throw new UnsupportedOperationException("reads only");
  }

  @Override
  public void stopDaemon(SyncDaemon.State state) {
    throw new UnsupportedOperationException("reads only");
  }

  @Override
  public void close() {}
}
