package io.kubeipvs.proxy.apply;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipset.SetHeader;
import io.kubeipvs.ipset.SetName;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.ProcIpVs;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.LocalRoute;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.diff.ObservedState;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.diff.ServerPlace;
import io.kubeipvs.proxy.plan.PlannedService;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.state.Footprint;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was last seen in the kernel, plus every operation that succeeded since. It stands in for the
 * kernel between two full looks at it, so that one change needs no reading.
 *
 * <p>Belongs to the sync thread.
 */
public final class KernelMirror implements ObservedState {

  private static final class Service {
    VirtualService service;
    Map<ServerKey, RealServer> servers = new TreeMap<>();

    Service(VirtualService service) {
      this.service = service;
    }
  }

  private final Map<ServiceKey, Service> services = new HashMap<>();
  private final Set<ServerPlace> idle = new HashSet<>();
  private final Map<SetName, SetHeader> headers = new HashMap<>();
  private final Map<SetName, Set<SetEntry>> entries = new HashMap<>();
  private final Map<IpAddress, LocalRoute> routes = new HashMap<>();
  private final Set<IpAddress> addresses = new HashSet<>();
  private boolean device;

  /**
   * Takes over a service and a dump of its servers.
   *
   * @param former where what looks as it did is taken from: there may be 100,000 servers, and one
   *     value of each is enough
   */
  void putService(
      VirtualService service, List<ObservedServer> servers, @Nullable KernelMirror former) {
    Service mirrored = new Service(service);
    Service before = former == null ? null : former.services.get(service.key());
    if (before != null) {
      mirrored.servers = before.servers;
    }
    services.put(service.key(), mirrored);
    refresh(service.key(), servers);
  }

  /** Takes the servers over from the former mirror, and the very service if it is the same. */
  void takeService(VirtualService service, KernelMirror former) {
    Service mirrored = former.services.get(service.key());
    if (mirrored == null) {
      throw new IllegalArgumentException("no " + service.key() + " to take over");
    }
    if (!mirrored.service.equals(service)) {
      mirrored.service = service;
    }
    services.put(service.key(), mirrored);
  }

  /**
   * Whether the overview shows exactly these servers. Never where one drains: of that the
   * connections count, and they must be seen in a dump.
   */
  boolean looksLike(ServiceKey key, ProcIpVs overview) {
    Service mirrored = services.get(key);
    List<ProcIpVs.Server> lines =
        key instanceof ServiceKey.Address address ? overview.services().get(address) : null;
    if (mirrored == null || lines == null || lines.size() != mirrored.servers.size()) {
      return false;
    }
    Set<ServerKey> shown = new HashSet<>();
    for (ProcIpVs.Server line : lines) {
      RealServer server = mirrored.servers.get(line.key());
      // A text that was read while the table changed may show one server twice.
      if (server == null || !looksLike(server, line) || !shown.add(line.key())) {
        return false;
      }
    }
    return true;
  }

  private static boolean looksLike(RealServer server, ProcIpVs.Server line) {
    return !server.isDraining()
        && server.weight() == line.weight()
        && server.method().equals(line.method());
  }

  void putSet(SetHeader header, Set<SetEntry> members) {
    headers.put(header.name(), header);
    entries.put(header.name(), new HashSet<>(members));
  }

  void putRoute(LocalRoute route) {
    routes.put(route.destination(), route);
  }

  void putAddress(IpAddress address) {
    addresses.add(address);
  }

  void putDevice(boolean present) {
    device = present;
  }

  /** Takes over what a fresh dump of one service's servers shows. */
  public void refresh(ServiceKey key, List<ObservedServer> servers) {
    Service mirrored = services.get(key);
    if (mirrored == null) {
      return;
    }
    mirrored.servers.keySet().forEach(server -> idle.remove(new ServerPlace(key, server)));
    Map<ServerKey, RealServer> fresh = new TreeMap<>();
    for (ObservedServer observed : servers) {
      RealServer server = known(mirrored, observed.server());
      fresh.put(server.key(), server);
      // Connections may still be handed to a server with weight; only without is idle for good.
      if (server.isDraining() && observed.isIdle()) {
        idle.add(new ServerPlace(key, server.key()));
      }
    }
    mirrored.servers = fresh;
  }

  private static RealServer known(Service mirrored, RealServer seen) {
    RealServer known = mirrored.servers.get(seen.key());
    return known != null && known.equals(seen) ? known : seen;
  }

  /**
   * Keeps the very values that are wanted where the kernel has the same: of 100,000 servers one
   * value each is enough, however often their Services were planned again.
   */
  @SuppressWarnings("ReferenceEquality") // whether it is the same object is the question
  public void share(PlannedService wanted) {
    ServiceKey key = wanted.service().key();
    Service mirrored = services.get(key);
    if (mirrored == null) {
      return;
    }
    if (mirrored.service.equals(wanted.service())) {
      mirrored.service = wanted.service();
      services.remove(key); // a map keeps the key it had: the former value's
      services.put(key, mirrored);
    }
    for (RealServer server : wanted.servers().values()) {
      RealServer former = mirrored.servers.get(server.key());
      if (former != null && former != server && former.equals(server)) {
        mirrored.servers.remove(server.key());
        mirrored.servers.put(server.key(), server);
      }
    }
  }

  /** The service was found to be gone. */
  public void forget(ServiceKey key) {
    Service mirrored = services.remove(key);
    if (mirrored != null) {
      mirrored.servers.keySet().forEach(server -> idle.remove(new ServerPlace(key, server)));
    }
  }

  /** Takes over what a successful operation did. */
  public void apply(Operation operation) {
    if (operation instanceof Operation.Ipvs ipvs) {
      apply(ipvs.command());
    } else if (operation instanceof Operation.Sets sets) {
      apply(sets.command());
    } else if (operation instanceof Operation.Vip vip) {
      apply(vip.command());
    } else if (operation instanceof Operation.AddDevice) {
      device = true;
    }
  }

  private void apply(IpvsCommand command) {
    if (command instanceof IpvsCommand.AddService add) {
      services.put(add.key(), new Service(add.service()));
      return;
    }
    Service mirrored = services.get(command.key());
    // Unknown: of a service that could not be added. A full look follows every failure.
    if (mirrored != null) {
      apply(command, mirrored);
    }
  }

  private void apply(IpvsCommand command, Service mirrored) {
    if (command instanceof IpvsCommand.UpdateService update) {
      mirrored.service = update.service();
    } else if (command instanceof IpvsCommand.DeleteService delete) {
      forget(delete.key());
    } else if (command instanceof IpvsCommand.AddServer add) {
      mirrored.servers.put(add.server().key(), add.server());
    } else if (command instanceof IpvsCommand.UpdateServer update) {
      mirrored.servers.put(update.server().key(), update.server());
      idle.remove(new ServerPlace(update.key(), update.server().key()));
    } else if (command instanceof IpvsCommand.DeleteServer delete) {
      mirrored.servers.remove(delete.server());
      idle.remove(new ServerPlace(delete.key(), delete.server()));
    }
  }

  private void apply(SetCommand command) {
    if (command instanceof SetCommand.Create create) {
      headers.put(create.set(), SetHeader.made(create.spec()));
      entries.put(create.set(), new HashSet<>());
    } else if (command instanceof SetCommand.Destroy destroy) {
      headers.remove(destroy.set());
      entries.remove(destroy.set());
    } else if (command instanceof SetCommand.Flush flush) {
      entriesOf(flush.set()).clear();
    } else if (command instanceof SetCommand.Add add) {
      entriesOf(add.set()).add(add.entry());
    } else if (command instanceof SetCommand.Delete delete) {
      entriesOf(delete.set()).remove(delete.entry());
    } else if (command instanceof SetCommand.Swap swap) {
      swap(swap.set(), swap.other());
    }
  }

  private void swap(SetName one, SetName other) {
    SetHeader header = headers.get(one);
    SetHeader otherHeader = headers.get(other);
    if (header != null && otherHeader != null) {
      headers.put(one, otherHeader.withName(one));
      headers.put(other, header.withName(other));
      Set<SetEntry> members = entriesOf(one);
      entries.put(one, entriesOf(other));
      entries.put(other, members);
    }
  }

  private Set<SetEntry> entriesOf(SetName set) {
    return entries.computeIfAbsent(set, name -> new HashSet<>());
  }

  private void apply(RouteCommand command) {
    if (command instanceof RouteCommand.AddRoute add) {
      routes.put(add.route().destination(), add.route());
    } else if (command instanceof RouteCommand.DeleteRoute delete) {
      routes.remove(delete.route().destination());
    } else if (command instanceof RouteCommand.AddAddress add) {
      addresses.add(add.address().address());
    } else if (command instanceof RouteCommand.DeleteAddress delete) {
      addresses.remove(delete.address().address());
    }
  }

  @Override
  public @Nullable VirtualService service(ServiceKey key) {
    Service service = services.get(key);
    return service == null ? null : service.service;
  }

  @Override
  public Map<ServerKey, RealServer> servers(ServiceKey key) {
    Service service = services.get(key);
    return service == null ? Map.of() : Collections.unmodifiableMap(service.servers);
  }

  @Override
  public boolean isIdle(ServiceKey key, ServerKey server) {
    return idle.contains(new ServerPlace(key, server));
  }

  @Override
  public boolean holds(SetMember member) {
    return entries.getOrDefault(member.set(), Set.of()).contains(member.entry());
  }

  @Override
  public @Nullable SetHeader set(SetName name) {
    return headers.get(name);
  }

  @Override
  public Set<SetEntry> entries(SetName name) {
    return Collections.unmodifiableSet(entries.getOrDefault(name, Set.of()));
  }

  @Override
  public @Nullable LocalRoute route(IpAddress vip) {
    return routes.get(vip);
  }

  @Override
  public boolean hasAddress(IpAddress vip) {
    return addresses.contains(vip);
  }

  @Override
  public boolean hasDevice() {
    return device;
  }

  @Override
  public Footprint footprint() {
    Footprint all = new Footprint();
    all.services().addAll(services.keySet());
    entries.forEach(
        (set, members) -> members.forEach(entry -> all.members().add(new SetMember(set, entry))));
    all.vips().addAll(routes.keySet());
    all.vips().addAll(addresses);
    return all;
  }

  /** Whether any service has that scheduler. */
  public boolean uses(Scheduler scheduler) {
    return services.values().stream()
        .anyMatch(service -> service.service.scheduler().equals(scheduler));
  }

  public int serviceCount() {
    return services.size();
  }
}
