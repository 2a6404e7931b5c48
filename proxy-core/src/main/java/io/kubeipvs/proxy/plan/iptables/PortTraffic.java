package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.model.ServicePort;
import io.kubeipvs.proxy.model.TrafficPolicy;
import io.kubeipvs.proxy.plan.EndpointSelector;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PortEndpoint;
import io.kubeipvs.proxy.plan.PortEndpoints;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * What a Service's policies make of the endpoints of one port, in one family.
 *
 * @param cluster endpoints anywhere, in kube-proxy's order: by the text of address and port
 * @param local endpoints of this node, in the same order
 * @param internalLocal whether only {@code local} serves the cluster IP
 * @param externalLocal whether only {@code local} serves clients from outside
 * @param reachableFromOutside whether there is another way in than the cluster IP
 */
record PortTraffic(
    List<PortEndpoint> cluster,
    List<PortEndpoint> local,
    boolean internalLocal,
    boolean externalLocal,
    boolean reachableFromOutside) {
  private static final Comparator<PortEndpoint> BY_TEXT =
      Comparator.comparing(endpoint -> endpoint.key().toString());

  static PortTraffic of(
      Service service,
      ServicePort port,
      AddressFamily family,
      Collection<EndpointSlice> slices,
      PlanContext context) {
    List<PortEndpoint> endpoints =
        PortEndpoints.of(port, family, slices, context.node().name()).stream()
            .sorted(BY_TEXT)
            .toList();
    EndpointSelector.Selection selection = EndpointSelector.select(endpoints, context.node());
    return new PortTraffic(
        selection.cluster(),
        selection.local(),
        service.internalPolicy() == TrafficPolicy.LOCAL,
        service.external().policy() == TrafficPolicy.LOCAL,
        port.nodePort() != 0
            || has(service.external().ips(), family)
            || has(service.external().loadBalancerIps(), family));
  }

  private static boolean has(List<IpAddress> addresses, AddressFamily family) {
    return addresses.stream().anyMatch(address -> address.family() == family);
  }

  boolean hasEndpoints() {
    return !cluster.isEmpty();
  }

  /** Whether anybody serves the cluster IP. */
  boolean servesInternal() {
    return internalLocal ? !local.isEmpty() : hasEndpoints();
  }

  /** Whether anybody serves clients from outside; pods and the node may have more. */
  boolean servesExternal() {
    return externalLocal ? !local.isEmpty() : hasEndpoints();
  }

  boolean hasExternalChain() {
    return hasEndpoints() && reachableFromOutside;
  }

  /** With a local external policy, pods and the node itself still reach the whole cluster. */
  boolean usesCluster() {
    return hasEndpoints() && (!internalLocal || reachableFromOutside);
  }

  boolean usesLocal() {
    return !local.isEmpty() && (internalLocal || (externalLocal && reachableFromOutside));
  }
}
