package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.ipset.SetEntry;
import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.ipvs.ServiceKey;
import io.kubeipvs.ipvs.VirtualService;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.net.Protocol;
import io.kubeipvs.proxy.model.SchedulerChoice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.TrafficPolicy;
import io.kubeipvs.proxy.plan.Claim;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlannedService;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.SetMember;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The ways into one port of a Service. */
final class PortPlanner {
  private final Service service;
  private final ServicePort port;
  private final Map<AddressFamily, PortServers> servers;
  private final PlanContext context;
  private final boolean externalLocal;

  /**
   * @param servers those of the families the Service has
   */
  PortPlanner(
      Service service,
      ServicePort port,
      Map<AddressFamily, PortServers> servers,
      PlanContext context) {
    this.service = service;
    this.port = port;
    this.servers = servers;
    this.context = context;
    this.externalLocal = service.external().policy() == TrafficPolicy.LOCAL;
  }

  Portal clusterIp(IpAddress address) {
    PortServers own = servers(address);
    Members members = new Members().add(KubeSet.CLUSTER_IP, address.family(), entry(address));
    if (own.dropInternal()) {
      members.add(KubeSet.NO_LOCAL_INTERNAL, address.family(), entry(address));
    }
    if (own.refuseInternal()) {
      members.add(KubeSet.NO_ENDPOINTS, address.family(), entry(address));
    }
    return vip(Portal.Kind.CLUSTER_IP, address, own.internal(), members);
  }

  Portal externalIp(IpAddress address) {
    KubeSet set = externalLocal ? KubeSet.EXTERNAL_IP_LOCAL : KubeSet.EXTERNAL_IP;
    Members members = new Members().add(set, address.family(), entry(address));
    return external(Portal.Kind.EXTERNAL_IP, address, members);
  }

  Portal loadBalancer(IpAddress address) {
    Members members = new Members().add(KubeSet.LOAD_BALANCER, address.family(), entry(address));
    if (externalLocal) {
      members.add(KubeSet.LOAD_BALANCER_LOCAL, address.family(), entry(address));
    }
    if (service.external().sourceRanges().restrict(address.family())) {
      addSourceRanges(address, members);
    }
    return external(Portal.Kind.LOAD_BALANCER, address, members);
  }

  /** Whoever may come from the node's own address may come from any address of the node. */
  private void addSourceRanges(IpAddress vip, Members members) {
    AddressFamily family = vip.family();
    List<IpPrefix> ranges = service.external().sourceRanges().of(family);
    members.add(KubeSet.LOAD_BALANCER_FW, family, entry(vip));
    for (IpPrefix range : ranges) {
      members.add(
          KubeSet.LOAD_BALANCER_SOURCE_CIDR,
          family,
          new SetEntry.IpPortNet(vip, port.protocol(), port.port(), range));
    }
    Optional<IpAddress> node = context.node().address(family);
    if (node.isPresent() && ranges.stream().anyMatch(range -> range.contains(node.get()))) {
      members.add(
          KubeSet.LOAD_BALANCER_SOURCE_IP,
          family,
          new SetEntry.IpPortIp(vip, port.protocol(), port.port(), vip));
    }
  }

  private Portal external(Portal.Kind kind, IpAddress address, Members members) {
    PortServers own = servers(address);
    if (own.dropExternal()) {
      members.add(KubeSet.NO_LOCAL_EXTERNAL, address.family(), entry(address));
    }
    if (own.refuseExternal()) {
      members.add(KubeSet.NO_ENDPOINTS, address.family(), entry(address));
    }
    return vip(kind, address, own.external(), members);
  }

  /**
   * An address of the node itself is no VIP: it is local already, its other ports are the host's
   * own, and taking it away again would cut the node off.
   */
  private Portal vip(
      Portal.Kind kind,
      IpAddress address,
      SortedMap<ServerKey, RealServer> behind,
      Members members) {
    SortedSet<IpAddress> vips = new TreeSet<>();
    if (!context.addresses().local().contains(address)) {
      vips.add(address);
      members.add(KubeSet.IPVS_IPS, address.family(), new SetEntry.Ip(address));
    }
    ServiceKey.Address key = new ServiceKey.Address(port.protocol(), address, port.port());
    SortedMap<ServiceKey, PlannedService> services = new TreeMap<>();
    services.put(key, planned(key, behind));
    return portal(kind, Optional.of(new Claim.Address(key)), services, members, vips);
  }

  Portal nodePort() {
    Members members = new Members();
    SortedMap<ServiceKey, PlannedService> services = new TreeMap<>();
    for (IpAddress address : context.addresses().nodePorts()) {
      PortServers own = servers.get(address.family());
      if (own != null) {
        addNodePort(address, own, services, members);
      }
    }
    Claim claim = new Claim.NodePort(port.protocol(), port.nodePort());
    return portal(
        Portal.Kind.NODE_PORT, Optional.of(claim), services, members, Collections.emptySortedSet());
  }

  private void addNodePort(
      IpAddress address,
      PortServers own,
      SortedMap<ServiceKey, PlannedService> services,
      Members members) {
    SetEntry entry = new SetEntry.IpPort(address, port.protocol(), port.nodePort());
    ServiceKey key = ServiceKey.of(port.protocol(), address, port.nodePort());
    services.put(key, planned(key, own.external()));
    addNodePortEntries(address, entry, members);
    if (own.dropExternal()) {
      members.add(KubeSet.NO_LOCAL_EXTERNAL, address.family(), entry);
    }
    if (own.refuseExternal()) {
      members.add(KubeSet.NO_ENDPOINTS, address.family(), entry);
    }
  }

  private void addNodePortEntries(IpAddress address, SetEntry addressEntry, Members members) {
    boolean sctp = port.protocol().equals(Protocol.SCTP);
    SetEntry entry = sctp ? addressEntry : new SetEntry.Port(port.nodePort());
    members.add(nodePortSet(), address.family(), entry);
    if (externalLocal) {
      members.add(nodePortLocalSet(), address.family(), entry);
    }
  }

  private KubeSet nodePortSet() {
    if (port.protocol().equals(Protocol.SCTP)) {
      return KubeSet.NODE_PORT_SCTP;
    }
    return port.protocol().equals(Protocol.UDP) ? KubeSet.NODE_PORT_UDP : KubeSet.NODE_PORT_TCP;
  }

  private KubeSet nodePortLocalSet() {
    if (port.protocol().equals(Protocol.SCTP)) {
      return KubeSet.NODE_PORT_LOCAL_SCTP;
    }
    return port.protocol().equals(Protocol.UDP)
        ? KubeSet.NODE_PORT_LOCAL_UDP
        : KubeSet.NODE_PORT_LOCAL_TCP;
  }

  /**
   * What needs no claim: hairpin entries, and the health check's node port, which is no port of the
   * Service and so goes with one of them.
   */
  Portal shared(boolean withHealthCheck) {
    Members members = new Members();
    servers.forEach((family, own) -> addShared(family, own, withHealthCheck, members));
    return portal(
        Portal.Kind.SHARED,
        Optional.empty(),
        Collections.emptySortedMap(),
        members,
        Collections.emptySortedSet());
  }

  private void addShared(
      AddressFamily family, PortServers own, boolean withHealthCheck, Members members) {
    for (ServerKey server : own.hairpin()) {
      IpAddress address = server.address();
      members.add(
          KubeSet.LOOP_BACK,
          family,
          new SetEntry.IpPortIp(address, port.protocol(), server.port(), address));
    }
    int healthCheck = service.external().healthCheckNodePort();
    if (withHealthCheck && healthCheck != 0) {
      members.add(KubeSet.HEALTH_CHECK_NODE_PORT, family, new SetEntry.Port(healthCheck));
    }
  }

  private PortServers servers(IpAddress vip) {
    return Objects.requireNonNull(servers.get(vip.family()), "a family the Service has");
  }

  private SetEntry entry(IpAddress vip) {
    return new SetEntry.IpPort(vip, port.protocol(), port.port());
  }

  private Portal portal(
      Portal.Kind kind,
      Optional<Claim> claim,
      SortedMap<ServiceKey, PlannedService> services,
      Members members,
      SortedSet<IpAddress> vips) {
    return new Portal(
        service.portName(port), service.created(), kind, claim, services, members.sorted, vips);
  }

  private PlannedService planned(ServiceKey key, SortedMap<ServerKey, RealServer> behind) {
    Optional<Duration> drainTimeout =
        service.settings().drainTimeout().or(() -> context.settings().drainTimeout());
    return new PlannedService(
        virtualService(key),
        behind,
        drainTimeout,
        context.settings().slowStartOf(service.settings()));
  }

  private VirtualService virtualService(ServiceKey key) {
    SchedulerChoice choice = context.settings().schedulerOf(service.settings());
    VirtualService plain =
        VirtualService.of(key, choice.scheduler()).withFlags(choice.flags().bits());
    return service
        .affinityTimeout()
        .map(timeout -> plain.withPersistence(Math.toIntExact(timeout.toSeconds())))
        .orElse(plain);
  }

  /** Set members being gathered. */
  private static final class Members {
    private final SortedSet<SetMember> sorted = new TreeSet<>();

    Members add(KubeSet set, AddressFamily family, SetEntry entry) {
      sorted.add(set.member(family, entry));
      return this;
    }
  }
}
