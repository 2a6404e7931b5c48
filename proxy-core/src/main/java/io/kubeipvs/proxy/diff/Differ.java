package io.kubeipvs.proxy.diff;

import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toSet;

import io.kubeipvs.ipvs.IpvsCommand;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import io.kubeipvs.proxy.plan.PlannedService;
import io.kubeipvs.proxy.state.DesiredState;
import io.kubeipvs.proxy.state.Footprint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares what should be with what is, at the places of a footprint, and gives what to do.
 *
 * <p>Unwanted real servers of TCP drain: they get weight 0, and go when the kernel shows no
 * connection of theirs, or when their time is over. A service that goes waits for its servers, and
 * its VIP and set entries wait for it. Those of other protocols go at once, with their tracked
 * flows, unless {@link DiffSettings#drainsToo}. What waits is reported as unsettled, to be compared
 * again.
 */
public final class Differ {
  private final DesiredState desired;
  private final ObservedState observed;
  private final Set<ServerPlace> expired;
  private final Map<ServerPlace, Integer> starting;
  private final Ownership ownership;
  private final Predicate<ServerKey> drainsToo;

  private final List<Operation> operations = new ArrayList<>();
  private final Footprint unsettled = new Footprint();

  /** Unwanted services that are still there after this batch. */
  private final Set<ServiceKey> lingering = new HashSet<>();

  private Differ(
      DesiredState desired,
      ObservedState observed,
      DiffSettings settings,
      Set<ServerPlace> expired,
      Map<ServerPlace, Integer> starting) {
    this.desired = desired;
    this.observed = observed;
    this.expired = expired;
    this.starting = starting;
    this.ownership = new Ownership(observed, settings);
    this.drainsToo = settings.drainsToo();
  }

  /**
   * The batch that makes observed equal to desired at those places.
   *
   * @param expired draining servers whose time is over: they go with the connections they have
   */
  public static Batch diff(
      Footprint places,
      DesiredState desired,
      ObservedState observed,
      DiffSettings settings,
      Set<ServerPlace> expired) {
    return diff(places, desired, observed, settings, expired, Map.of());
  }

  /**
   * The same while servers are on their way to their full weight.
   *
   * @param starting the weights that such servers should have now
   */
  public static Batch diff(
      Footprint places,
      DesiredState desired,
      ObservedState observed,
      DiffSettings settings,
      Set<ServerPlace> expired,
      Map<ServerPlace, Integer> starting) {
    Differ differ = new Differ(desired, observed, settings, expired, starting);
    Map<Boolean, List<ServiceKey>> losing =
        places.services().stream().sorted().collect(partitioningBy(differ::losesServers));
    losing.getOrDefault(true, List.of()).forEach(differ::service);
    losing.getOrDefault(false, List.of()).forEach(differ::service);
    SetDiff sets = new SetDiff(desired, observed, differ.lingering);
    sets.compare(places.members(), differ.operations, differ.unsettled);
    VipDiff vips = new VipDiff(desired, observed, settings, differ.lingering);
    vips.compare(places, differ.operations, differ.unsettled);
    return new Batch(differ.operations, differ.unsettled);
  }

  /**
   * Such services come first: in a batch that takes a while, a client is worse off with a server
   * that is dead than without one that is new.
   */
  private boolean losesServers(ServiceKey key) {
    PlannedService want = desired.service(key);
    return want != null
        && observed.servers(key).values().stream()
            .anyMatch(server -> !server.isDraining() && !want.servers().containsKey(server.key()));
  }

  private void service(ServiceKey key) {
    PlannedService want = desired.service(key);
    VirtualService have = observed.service(key);
    if (want != null) {
      program(key, want, have);
    } else if (have != null && ownership.mayDelete(key)) {
      remove(key);
    }
  }

  private void program(ServiceKey key, PlannedService want, @Nullable VirtualService have) {
    if (have == null) {
      program(new IpvsCommand.AddService(want.service()));
    } else if (!have.equals(want.service())) {
      program(new IpvsCommand.UpdateService(want.service()));
    }
    Map<ServerKey, RealServer> there = observed.servers(key);
    for (RealServer full : want.servers().values()) {
      RealServer server = atPresent(key, full);
      RealServer present = there.get(server.key());
      if (present == null) {
        program(new IpvsCommand.AddServer(key, server));
      } else if (!present.equals(server)) {
        program(new IpvsCommand.UpdateServer(key, server));
      }
    }
    // Only now: a service whose servers are all exchanged is never without one.
    for (RealServer server : there.values()) {
      if (!want.servers().containsKey(server.key())) {
        retire(key, server);
      }
    }
    if (there.isEmpty() && !want.servers().isEmpty()) {
      forgetFlowsToNowhere(key, want);
    }
  }

  private RealServer atPresent(ServiceKey key, RealServer full) {
    if (starting.isEmpty()) {
      return full;
    }
    Integer weight = starting.get(new ServerPlace(key, full.key()));
    return weight == null ? full : full.withWeight(weight);
  }

  private void program(IpvsCommand command) {
    operations.add(new Operation.Ipvs(Phase.PROGRAM_SERVICES, command));
  }

  /** What drains has weight 0 until the kernel reports no connections. Others go at once. */
  private void retire(ServiceKey key, RealServer server) {
    if (mayGo(key, server)) {
      program(new IpvsCommand.DeleteServer(key, server.key()));
      forgetFlows(key, server.key());
      return;
    }
    if (!server.isDraining()) {
      program(new IpvsCommand.UpdateServer(key, server.withWeight(RealServer.DRAINING)));
    }
    unsettled.services().add(key);
  }

  private boolean mayGo(ServiceKey key, RealServer server) {
    return !(isTcp(key) || drainsToo.test(server.key()))
        || (server.isDraining() && observed.isIdle(key, server.key()))
        || expired.contains(new ServerPlace(key, server.key()));
  }

  /** With its servers, once none of them has connections; until then they drain. */
  private void remove(ServiceKey key) {
    Map<ServerKey, RealServer> servers = observed.servers(key);
    if (servers.values().stream().allMatch(server -> mayGo(key, server))) {
      operations.add(new Operation.Ipvs(Phase.DELETE_SERVICES, new IpvsCommand.DeleteService(key)));
      servers.keySet().forEach(server -> forgetFlows(key, server));
    } else {
      servers.values().forEach(server -> retire(key, server));
      lingering.add(key);
    }
  }

  private static boolean isTcp(ServiceKey key) {
    return key instanceof ServiceKey.Address address && address.protocol().equals(Protocol.TCP);
  }

  /**
   * With a connection IPVS takes the flow away: after a drain what is left rules have translated.
   */
  private void forgetFlows(ServiceKey key, ServerKey server) {
    if (isTcp(key) || (observed.isIdle(key, server) && drainsToo.test(server))) {
      return;
    }
    if (key instanceof ServiceKey.Address address) {
      FlowFilter flows = FlowFilter.to(address.protocol(), address.address(), address.port());
      operations.add(new Operation.ForgetFlows(flows.answeredBy(server.address(), server.port())));
    }
  }

  /**
   * A client without answers keeps its flow alive by trying again; the flow goes where there was no
   * server, and must not outlive that. Those that lead to a server by now, or ever since iptables
   * mode, are left: an answer on its way would get lost with its flow.
   */
  private void forgetFlowsToNowhere(ServiceKey key, PlannedService want) {
    if (!isTcp(key) && key instanceof ServiceKey.Address address) {
      Set<FlowFilter.Answerer> servers =
          want.servers().keySet().stream()
              .map(server -> new FlowFilter.Answerer(server.address(), server.port()))
              .collect(toSet());
      FlowFilter flows = FlowFilter.to(address.protocol(), address.address(), address.port());
      operations.add(new Operation.ForgetFlows(flows.sparing(servers)));
    }
  }
}
