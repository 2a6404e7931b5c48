package io.kubeipvs.proxy.inspect.list;

import io.kubeipvs.ipvs.IpvsadmText;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.Statistics;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.diff.ServerPlace;
import io.kubeipvs.proxy.inspect.IpvsTable;
import io.kubeipvs.proxy.inspect.Running;
import io.kubeipvs.proxy.inspect.Words;
import io.kubeipvs.proxy.inspect.list.ServiceList.Entrance;
import io.kubeipvs.proxy.inspect.list.ServiceList.Server;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.plan.PlannedService;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.state.Conflict;
import io.kubeipvs.proxy.state.DesiredState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Puts what is asked for beside what the kernel has. */
public final class ListBuilder {
  private final Asked asked;
  private final Map<ServiceKey, IpvsTable.Entry> table = new HashMap<>();
  private final boolean tableKnown;
  private final boolean statistics;
  private final Map<ServerPlace, Instant> deadlines = new HashMap<>();
  private final Instant now;
  private final Set<ServiceKey> listed = new HashSet<>();

  /**
   * @param table missing where the kernel could not be read: then only what is asked for is shown
   * @param statistics whether the counters in the table were read
   */
  public ListBuilder(
      DesiredState desired,
      Optional<IpvsTable> table,
      boolean statistics,
      Running running,
      Collection<EndpointSlice> slices,
      Collection<Conflict> conflicts,
      String nodeName,
      Instant now) {
    this.asked = new Asked(desired, slices, conflicts, nodeName);
    this.tableKnown = table.isPresent();
    this.statistics = statistics;
    this.now = now;
    table.ifPresent(
        known -> known.entries().forEach(entry -> this.table.put(entry.service().key(), entry)));
    running.drains().forEach(drain -> deadlines.put(drain.place(), drain.deadline()));
  }

  /** All entrances of these Services in order, and behind them what no Service asks for. */
  public List<Entrance> build(Collection<Service> services) {
    List<Entrance> entrances = new ArrayList<>();
    for (Service service : services) {
      asked.portals(service, (each, port, portal) -> add(each, port, portal, entrances));
      Asked.healthCheck(service).ifPresent(entrances::add);
    }
    table.values().stream()
        .filter(entry -> !listed.contains(entry.service().key()))
        .sorted((a, b) -> a.service().key().compareTo(b.service().key()))
        .map(this::unasked)
        .forEach(entrances::add);
    return entrances;
  }

  private void add(Service service, ServicePort port, Portal portal, List<Entrance> entrances) {
    portal
        .services()
        .forEach((key, planned) -> entrances.add(entrance(service, port, portal, planned)));
  }

  private Entrance entrance(
      Service service, ServicePort port, Portal portal, PlannedService planned) {
    ServiceKey.Address key = (ServiceKey.Address) planned.service().key();
    boolean inForce = asked.isInForce(portal);
    IpvsTable.Entry entry = inForce ? table.get(key) : null;
    if (inForce) {
      listed.add(key);
    }
    Map<ServerKey, Endpoint> endpoints = asked.endpoints(service, port, key.family());
    return new Entrance(
        service.name().namespace(),
        service.name().name(),
        port.name(),
        Words.kind(portal.kind()),
        key.protocol(),
        Optional.of(key.address()),
        key.port(),
        Asked.policy(service, portal),
        scheduler(planned.service()),
        planned.service().persistenceSeconds(),
        inForce ? state(planned, entry, endpoints) : asked.lost(key, portal),
        statistics(entry),
        servers(key, inForce ? planned : null, entry, endpoints));
  }

  private static String scheduler(VirtualService service) {
    String flags = IpvsadmText.schedulerFlags(service);
    return service.scheduler() + (flags.isEmpty() ? "" : " (" + flags + ")");
  }

  private String state(
      PlannedService planned, IpvsTable.@Nullable Entry entry, Map<ServerKey, Endpoint> endpoints) {
    if (tableKnown && entry == null) {
      return "missing in the kernel";
    }
    if (entry != null && !entry.service().equals(planned.service())) {
      return "differs in the kernel: " + scheduler(entry.service());
    }
    if (!planned.servers().isEmpty()) {
      return "";
    }
    return endpoints.values().stream().anyMatch(Endpoint::isUsable)
        ? "no endpoint on this node: dropped"
        : "no endpoint: refused";
  }

  private Optional<Statistics> statistics(IpvsTable.@Nullable Entry entry) {
    return entry == null ? Optional.empty() : Optional.of(entry.statistics());
  }

  /** Those wanted, those in the kernel, and those that are not ready. */
  private List<Server> servers(
      ServiceKey key,
      @Nullable PlannedService planned,
      IpvsTable.@Nullable Entry entry,
      Map<ServerKey, Endpoint> endpoints) {
    Map<ServerKey, RealServer> wanted = new TreeMap<>();
    if (planned != null) {
      wanted.putAll(planned.servers());
    }
    Map<ServerKey, ObservedServer> present = new TreeMap<>();
    if (entry != null) {
      entry.servers().forEach(server -> present.put(server.server().key(), server));
    }
    Set<ServerKey> all = new TreeSet<>(wanted.keySet());
    all.addAll(present.keySet());
    endpoints.forEach(
        (server, endpoint) -> {
          if (!endpoint.ready()) {
            all.add(server);
          }
        });
    List<Server> servers = new ArrayList<>();
    for (ServerKey server : all) {
      servers.add(
          server(
              new ServerPlace(key, server),
              wanted.get(server),
              present.get(server),
              endpoints.get(server)));
    }
    return servers;
  }

  private Server server(
      ServerPlace place,
      @Nullable RealServer wanted,
      @Nullable ObservedServer present,
      @Nullable Endpoint endpoint) {
    Instant deadline = deadlines.get(place);
    return new Server(
        place.server().address(),
        place.server().port(),
        endpoint == null ? "" : endpoint.pod(),
        endpoint == null ? "" : endpoint.nodeName(),
        endpoint == null ? "" : endpoint.zone(),
        present == null ? -1 : present.server().weight(),
        state(wanted, present, endpoint),
        deadline == null
            ? Optional.empty()
            : Optional.of(Math.max(0, Duration.between(now, deadline).toSeconds())),
        present == null ? 0 : Integer.toUnsignedLong(present.activeConnections()),
        present == null ? 0 : Integer.toUnsignedLong(present.inactiveConnections()),
        present == null ? 0 : Integer.toUnsignedLong(present.persistentConnections()),
        present == null || !statistics ? Optional.empty() : Optional.of(present.statistics()));
  }

  private String state(
      @Nullable RealServer wanted, @Nullable ObservedServer present, @Nullable Endpoint endpoint) {
    if (wanted == null) {
      return unwanted(present, endpoint);
    }
    if (tableKnown && present == null) {
      return "missing in the kernel";
    }
    if (present != null && present.server().weight() != wanted.weight()) {
      return "weight should be " + wanted.weight();
    }
    return endpoint == null || endpoint.ready() ? "" : Words.condition(endpoint);
  }

  private static String unwanted(@Nullable ObservedServer present, @Nullable Endpoint endpoint) {
    String why = endpoint == null ? "gone" : Words.condition(endpoint);
    if (present == null) {
      return why;
    }
    return (present.server().isDraining() ? "draining" : "not wanted") + ", " + why;
  }

  /** Somebody else's, or that of a Service that is gone and whose servers drain. */
  private Entrance unasked(IpvsTable.Entry entry) {
    ServiceKey key = entry.service().key();
    List<Server> servers = servers(key, null, entry, Map.of());
    boolean drains = !servers.isEmpty() && servers.stream().allMatch(s -> s.weight() == 0);
    ServiceKey.Address address = key instanceof ServiceKey.Address known ? known : null;
    return new Entrance(
        "",
        "",
        "",
        "not asked for",
        address == null ? new Protocol(0) : address.protocol(),
        address == null ? Optional.empty() : Optional.of(address.address()),
        address == null ? 0 : address.port(),
        "",
        scheduler(entry.service()),
        entry.service().persistenceSeconds(),
        address == null ? key.toString() : drains ? "goes when its connections have ended" : "",
        statistics(entry),
        drains ? servers : servers.stream().map(s -> s.withState("")).toList());
  }
}
