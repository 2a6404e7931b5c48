package io.kubeipvs.proxy.plan;

import io.kubeipvs.proxy.model.NodeInfo;
import java.util.List;
import java.util.function.Predicate;

/** Chooses which endpoints of a port get traffic. A function of its arguments. */
public final class EndpointSelector {
  private EndpointSelector() {}

  /**
   * The two lists that traffic policies choose from.
   *
   * @param cluster endpoints anywhere; empty only when the port has no usable endpoint at all
   * @param local endpoints of this node
   */
  public record Selection(List<PortEndpoint> cluster, List<PortEndpoint> local) {

    /** Whether the port has endpoints, but none here. A local policy then drops, not refuses. */
    public boolean isOnlyElsewhere() {
      return local.isEmpty() && !cluster.isEmpty();
    }
  }

  /**
   * An endpoint is <em>usable</em> if it is ready, or both serving and terminating: a pod on its
   * way out that still answers is better than nobody, and worse than anybody ready (KEP-1669).
   *
   * <p>The cluster list is made of the ready endpoints that the topology allows. If that leaves
   * none, it is all serving and terminating ones, whatever the topology says.
   *
   * <p>The topology is read from hints, and from the hints of ready endpoints only. If every one
   * has node hints and at least one names this node, those that name this node are allowed. Else,
   * if every one has zone hints and at least one names this node's zone, those that name it are.
   * Else all are: a single endpoint without a hint means the hints are being rewritten, and a zone
   * without endpoints must not go without service.
   *
   * <p>The local list is made of the ready endpoints of this node. If there are none, it is the
   * serving and terminating ones of this node. Topology never applies to it. It does not fall back
   * to the cluster list; whether a local policy may do so is the planner's decision.
   *
   * <p>An endpoint without a node name is local to nobody.
   *
   * @param endpoints all endpoints of one port of a Service, of one family, in the order the lists
   *     keep
   * @param node the node the traffic is on
   */
  public static Selection select(List<PortEndpoint> endpoints, NodeInfo node) {
    List<PortEndpoint> local =
        endpoints.stream().filter(endpoint -> endpoint.isLocalTo(node.name())).toList();
    return new Selection(
        readyOrTerminating(endpoints, allowedByTopology(endpoints, node)),
        readyOrTerminating(local, endpoint -> true));
  }

  private static List<PortEndpoint> readyOrTerminating(
      List<PortEndpoint> endpoints, Predicate<PortEndpoint> allowed) {
    List<PortEndpoint> ready =
        endpoints.stream().filter(each -> each.endpoint().ready()).filter(allowed).toList();
    return ready.isEmpty()
        ? endpoints.stream().filter(each -> each.endpoint().isServingTerminating()).toList()
        : ready;
  }

  private static Predicate<PortEndpoint> allowedByTopology(
      List<PortEndpoint> endpoints, NodeInfo node) {
    Predicate<PortEndpoint> sameNode = each -> each.endpoint().nodeHints().contains(node.name());
    Predicate<PortEndpoint> sameZone = each -> each.endpoint().zoneHints().contains(node.zone());
    if (isInForce(endpoints, each -> !each.endpoint().nodeHints().isEmpty(), sameNode)) {
      return sameNode;
    }
    if (!node.zone().isEmpty()
        && isInForce(endpoints, each -> !each.endpoint().zoneHints().isEmpty(), sameZone)) {
      return sameZone;
    }
    return each -> true;
  }

  private static boolean isInForce(
      List<PortEndpoint> endpoints, Predicate<PortEndpoint> hinted, Predicate<PortEndpoint> here) {
    boolean anyHere = false;
    for (PortEndpoint each : endpoints) {
      if (!each.endpoint().ready()) {
        continue;
      }
      if (!hinted.test(each)) {
        return false;
      }
      anyHere |= here.test(each);
    }
    return anyHere;
  }
}
