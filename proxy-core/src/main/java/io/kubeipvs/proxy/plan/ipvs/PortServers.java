package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.ipvs.RealServer;
import io.kubeipvs.ipvs.ServerKey;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.ServiceSettings;
import io.kubeipvs.proxy.model.TrafficPolicy;
import io.kubeipvs.proxy.plan.EndpointSelector;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PortEndpoint;
import io.kubeipvs.proxy.plan.PortEndpoints;
import io.kubeipvs.proxy.plan.SlowStart;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The real servers of one port of a Service in one family, as its traffic policies want them.
 *
 * @param internal behind the cluster IP
 * @param dropInternal whether the policy keeps everybody from endpoints that do exist
 * @param external behind everything else
 * @param dropExternal whether the policy keeps outside clients from endpoints that do exist
 * @param hairpin endpoints of this node, which may reach themselves through a VIP
 */
record PortServers(
    SortedMap<ServerKey, RealServer> internal,
    boolean dropInternal,
    SortedMap<ServerKey, RealServer> external,
    boolean dropExternal,
    List<ServerKey> hairpin) {

  /** Whether nobody serves the cluster IP's clients, here or elsewhere. */
  boolean refuseInternal() {
    return internal.isEmpty() && !dropInternal;
  }

  boolean refuseExternal() {
    return external.isEmpty() && !dropExternal;
  }

  static PortServers of(
      Service service,
      ServicePort port,
      AddressFamily family,
      Collection<EndpointSlice> slices,
      PlanContext context) {
    String nodeName = context.node().name();
    List<PortEndpoint> endpoints = PortEndpoints.of(port, family, slices, nodeName);
    EndpointSelector.Selection selection = EndpointSelector.select(endpoints, context.node());
    boolean internalLocal = service.internalPolicy() == TrafficPolicy.LOCAL;
    boolean externalLocal = service.external().policy() == TrafficPolicy.LOCAL;
    boolean elsewhere = selection.isOnlyElsewhere();
    SortedMap<ServerKey, RealServer> cluster = servers(selection.cluster(), service, context);
    SortedMap<ServerKey, RealServer> local = servers(selection.local(), service, context);
    return new PortServers(
        internalLocal ? local : cluster,
        internalLocal && elsewhere,
        externalLocal && !elsewhere ? local : cluster,
        externalLocal && elsewhere,
        hairpin(endpoints, nodeName));
  }

  private static SortedMap<ServerKey, RealServer> servers(
      List<PortEndpoint> endpoints, Service service, PlanContext context) {
    ServiceSettings settings = service.settings();
    boolean slow = context.settings().slowStartOf(settings).isPresent();
    int scale = slow ? scale(endpoints, settings) : 1;
    SortedMap<ServerKey, RealServer> servers = new TreeMap<>();
    for (PortEndpoint each : endpoints) {
      int weight = scale * settings.weight(each.endpoint());
      RealServer server = RealServer.masquerade(each.key().address(), each.key().port(), weight);
      servers.put(server.key(), server); // one key: there may be 100,000 of them
    }
    return servers;
  }

  /** Weights with room for the steps that new servers take. */
  private static int scale(List<PortEndpoint> endpoints, ServiceSettings settings) {
    return SlowStart.scale(
        endpoints.stream().mapToInt(each -> settings.weight(each.endpoint())).max().orElse(1));
  }

  /** One that neither serves nor is ready gets no traffic, so it cannot reach itself. */
  private static List<ServerKey> hairpin(List<PortEndpoint> endpoints, String nodeName) {
    return endpoints.stream()
        .filter(each -> each.isLocalTo(nodeName))
        .filter(each -> each.endpoint().ready() || each.endpoint().serving())
        .map(PortEndpoint::key)
        .toList();
  }
}
