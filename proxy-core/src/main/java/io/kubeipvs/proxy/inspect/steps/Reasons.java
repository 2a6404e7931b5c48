package io.kubeipvs.proxy.inspect.steps;

import io.kubeipvs.ipset.SetCommand;
import io.kubeipvs.ipset.SetGrowth;
import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.ObservedServer;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.netlink.route.RouteCommand;
import io.kubeipvs.proxy.apply.KernelMirror;
import io.kubeipvs.proxy.diff.Operation;
import io.kubeipvs.proxy.inspect.Owners;
import io.kubeipvs.proxy.inspect.Words;
import io.kubeipvs.proxy.model.Endpoint;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.ServiceName;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.SetMember;
import io.kubeipvs.proxy.plan.ipvs.KubeSet;
import io.kubeipvs.proxy.state.Conflict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says of each operation who asks for it, or why what it takes away is not wanted. */
final class Reasons {
  private final Owners owners;
  private final Owners former;
  private final KernelMirror mirror;
  private final Map<ServerPair, ObservedServer> connections;
  private final Map<ServiceName, Map<IpAddress, Endpoint>> endpoints = new HashMap<>();
  private final Map<String, Conflict> conflicts = new HashMap<>();

  /** A server in a service. */
  record ServerPair(ServiceKey service, ServerKey server) {}

  /**
   * @param former of before, where that is known
   * @param mirror the kernel as the first operation finds it; kept up to date by {@link #done}
   */
  Reasons(
      Owners owners,
      Owners former,
      KernelMirror mirror,
      Map<ServerPair, ObservedServer> connections,
      Collection<EndpointSlice> slices,
      Collection<Conflict> conflicts) {
    this.owners = owners;
    this.former = former;
    this.mirror = mirror;
    this.connections = connections;
    for (EndpointSlice slice : slices) {
      Map<IpAddress, Endpoint> ofService =
          endpoints.computeIfAbsent(slice.service(), name -> new HashMap<>());
      slice.endpoints().forEach(endpoint -> ofService.put(endpoint.address(), endpoint));
    }
    conflicts.forEach(conflict -> this.conflicts.put(conflict.claim().toString(), conflict));
  }

  String of(Operation operation) {
    if (operation instanceof Operation.Ipvs ipvs) {
      return ipvs(ipvs.command());
    }
    if (operation instanceof Operation.Sets sets) {
      return sets(sets.command());
    }
    if (operation instanceof Operation.Vip vip) {
      return vip(vip.address(), vip.command());
    }
    if (operation instanceof Operation.Rules rules) {
      return "rules of kube-ipvs differ: " + rules.restore().summary();
    }
    if (operation instanceof Operation.AddDevice) {
      return "other software looks for this device to tell that IPVS is in use";
    }
    return "tracked flows that lead nowhere now; the next packet makes a new one";
  }

  /** That one was carried out. */
  void done(Operation operation) {
    mirror.apply(operation);
  }

  private String ipvs(IpvsCommand command) {
    Portal owner = owners.of(command.key());
    if (command instanceof IpvsCommand.UpdateService update) {
      return asks(owner) + difference(mirror.service(command.key()), update.service());
    }
    if (command instanceof IpvsCommand.DeleteService) {
      return nobody(command.key());
    }
    if (command instanceof IpvsCommand.AddServer add) {
      return server(owner, add.server().key());
    }
    if (command instanceof IpvsCommand.UpdateServer update) {
      return changed(owner, update);
    }
    if (command instanceof IpvsCommand.DeleteServer delete) {
      return unwanted(owner, command.key(), delete.server());
    }
    return asks(owner);
  }

  private static String asks(@Nullable Portal owner) {
    return owner == null
        ? "wanted"
        : "Service " + owner.port() + " asks for it (" + Words.kind(owner.kind()) + ")";
  }

  private static String difference(@Nullable VirtualService have, VirtualService want) {
    if (have == null) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    if (!have.scheduler().equals(want.scheduler())) {
      parts.add("scheduler " + have.scheduler() + " -> " + want.scheduler());
    }
    if (have.persistenceSeconds() != want.persistenceSeconds()) {
      parts.add("persistence " + have.persistenceSeconds() + " s -> " + want.persistenceSeconds());
    }
    if (parts.isEmpty()) {
      parts.add("flags or netmask differ");
    }
    return ": " + String.join(", ", parts);
  }

  private String nobody(ServiceKey key) {
    Conflict conflict = conflicts.get(key.toString());
    if (conflict != null) {
      return conflict.toString();
    }
    Portal before = former.of(key);
    String gone = before == null ? "" : "; Service " + before.port() + " did";
    return "no Service asks for it" + gone;
  }

  private String server(@Nullable Portal owner, ServerKey server) {
    Endpoint endpoint = owner == null ? null : endpoint(owner, server);
    return endpoint == null
        ? asks(owner)
        : "%s of Service %s: %s"
            .formatted(
                Words.endpoint(endpoint),
                owner == null ? "" : owner.port(),
                Words.condition(endpoint));
  }

  private @Nullable Endpoint endpoint(Portal owner, ServerKey server) {
    return endpoints.getOrDefault(owner.port().service(), Map.of()).get(server.address());
  }

  private String changed(@Nullable Portal owner, IpvsCommand.UpdateServer update) {
    RealServer have = mirror.servers(update.key()).get(update.server().key());
    if (isWanted(owner, update)) {
      String weight = have == null ? "" : ": weight " + have.weight() + " -> ";
      return server(owner, update.server().key()) + weight + update.server().weight();
    }
    ObservedServer seen = connections.get(new ServerPair(update.key(), update.server().key()));
    String left = seen == null || seen.isIdle() ? "" : left(seen);
    return notWanted(owner, update.key(), update.server().key())
        + ", so it gets nothing new"
        + left;
  }

  private static String left(ObservedServer seen) {
    long count =
        Integer.toUnsignedLong(seen.activeConnections())
            + Integer.toUnsignedLong(seen.inactiveConnections());
    return "; it drains, with " + count + (count == 1 ? " connection" : " connections") + " left";
  }

  private static boolean isWanted(@Nullable Portal owner, IpvsCommand.UpdateServer update) {
    if (owner == null) {
      return false;
    }
    var planned = owner.services().get(update.key());
    return planned != null && planned.servers().containsKey(update.server().key());
  }

  private String unwanted(@Nullable Portal owner, ServiceKey key, ServerKey server) {
    ObservedServer seen = connections.get(new ServerPair(key, server));
    boolean idle = seen == null || seen.isIdle();
    return notWanted(owner, key, server) + (idle ? ", and it has no connections" : "");
  }

  private String notWanted(@Nullable Portal owner, ServiceKey key, ServerKey server) {
    if (owner == null) {
      return nobody(key);
    }
    Endpoint endpoint = endpoint(owner, server);
    if (endpoint == null) {
      return "no endpoint of Service " + owner.port() + " any more";
    }
    String who = Words.endpoint(endpoint) + " of Service " + owner.port();
    return endpoint.ready()
        ? who + " is not for this node, by policy or topology"
        : who + " is " + Words.condition(endpoint);
  }

  private String sets(SetCommand command) {
    if (command instanceof SetCommand.Add add) {
      return member(new SetMember(add.set(), add.entry()));
    }
    if (command instanceof SetCommand.Delete delete) {
      return gone(new SetMember(delete.set(), delete.entry()));
    }
    if (command instanceof SetCommand.Create && !isTemporary(command)) {
      return "rules look into it";
    }
    return isTemporary(command) || command instanceof SetCommand.Swap
        ? "the set needs more room, or was left in the middle of getting it"
        : "not wanted";
  }

  private static boolean isTemporary(SetCommand command) {
    return command.set().value().startsWith(SetGrowth.TEMPORARY_PREFIX);
  }

  private String member(SetMember member) {
    if (isTemporary(new SetCommand.Flush(member.set()))) {
      return "copied into the larger set";
    }
    Collection<Portal> portals = owners.of(member);
    if (portals.isEmpty()) {
      return "new connections are refused until the change is complete";
    }
    return Stream.of(KubeSet.NO_ENDPOINTS, KubeSet.NO_LOCAL_INTERNAL, KubeSet.NO_LOCAL_EXTERNAL)
        .filter(set -> isNamed(set, member))
        .findFirst()
        .map(set -> "Service " + names(portals) + ": " + set.comment())
        .orElseGet(() -> asked(portals));
  }

  private static boolean isNamed(KubeSet set, SetMember member) {
    return Stream.of(AddressFamily.values())
        .anyMatch(family -> set.name(family).equals(member.set()));
  }

  private String gone(SetMember member) {
    Collection<Portal> before = former.of(member);
    return before.isEmpty() ? "no Service asks for it" : "no Service asks for it; " + did(before);
  }

  private static String asked(Collection<Portal> portals) {
    return "Service " + names(portals) + " asks for it";
  }

  private static String did(Collection<Portal> portals) {
    return "Service " + names(portals) + " did";
  }

  /** A few of them, each with its kind. */
  private static String names(Collection<Portal> portals) {
    TreeSet<String> names = new TreeSet<>();
    portals.forEach(p -> names.add(p.port() + " (" + Words.kind(p.kind()) + ")"));
    String first = names.first();
    return names.size() == 1 ? first : first + " and " + (names.size() - 1) + " more";
  }

  private String vip(IpAddress address, RouteCommand command) {
    Collection<Portal> portals = owners.of(address);
    boolean closes =
        command instanceof RouteCommand.DeleteRoute
            || command instanceof RouteCommand.DeleteAddress;
    if (portals.isEmpty()) {
      Collection<Portal> before = former.of(address);
      return "no Service has this address" + (before.isEmpty() ? "" : "; " + did(before));
    }
    return closes
        ? "VIPs are bound the other way (--ipvs-vip-binding)"
        : "address of Service " + names(portals);
  }
}
