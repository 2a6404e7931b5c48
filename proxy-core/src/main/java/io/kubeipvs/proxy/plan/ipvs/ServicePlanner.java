package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.plan.Claim;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.Portal;
import io.kubeipvs.proxy.plan.ServicePlan;
import io.kubeipvs.proxy.plan.SetMember;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Plans one Service, port by port; used once. */
final class ServicePlanner {
  private final Service service;
  private final Collection<EndpointSlice> slices;
  private final PlanContext context;
  private final Map<Claim, Portal> claimed = new LinkedHashMap<>();
  private final List<Portal> shared = new ArrayList<>();

  ServicePlanner(Service service, Collection<EndpointSlice> slices, PlanContext context) {
    this.service = service;
    this.slices = slices;
    this.context = context;
  }

  ServicePlan plan() {
    for (ServicePort port : service.ports()) {
      plan(port);
    }
    List<Portal> portals = new ArrayList<>(claimed.values());
    portals.addAll(shared);
    return new ServicePlan(service.name(), portals);
  }

  private void plan(ServicePort port) {
    Map<AddressFamily, PortServers> servers = new EnumMap<>(AddressFamily.class);
    for (IpAddress clusterIp : service.clusterIps()) {
      AddressFamily family = clusterIp.family();
      servers.computeIfAbsent(
          family, any -> PortServers.of(service, port, family, slices, context));
    }
    PortPlanner planner = new PortPlanner(service, port, servers, context);
    service.clusterIps().forEach(address -> add(planner.clusterIp(address)));
    proxied(service.external().ips()).forEach(address -> add(planner.externalIp(address)));
    proxied(service.external().loadBalancerIps())
        .forEach(address -> add(planner.loadBalancer(address)));
    if (port.nodePort() != 0) {
      add(planner.nodePort());
    }
    addShared(planner.shared(port.equals(service.ports().get(0))));
  }

  private List<IpAddress> proxied(List<IpAddress> addresses) {
    return addresses.stream().filter(address -> service.has(address.family())).toList();
  }

  /**
   * An external IP may be a load balancer's IP as well, of the same Service. Both then share one
   * virtual service, which is in the sets of both.
   */
  private void add(Portal portal) {
    claimed.merge(portal.claim().orElseThrow(), portal, ServicePlanner::united);
  }

  private static Portal united(Portal first, Portal second) {
    SortedSet<SetMember> members = new TreeSet<>(first.members());
    members.addAll(second.members());
    SortedSet<IpAddress> vips = new TreeSet<>(first.vips());
    vips.addAll(second.vips());
    return new Portal(
        first.port(),
        first.created(),
        first.kind(),
        first.claim(),
        first.services(),
        members,
        vips);
  }

  private void addShared(Portal portal) {
    if (!portal.members().isEmpty()) {
      shared.add(portal);
    }
  }
}
