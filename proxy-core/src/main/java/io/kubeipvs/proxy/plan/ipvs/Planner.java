package io.kubeipvs.proxy.plan.ipvs;

import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.ServicePlan;
import java.util.Collection;

/** From a Service to what the kernel should hold for it. A function of its arguments. */
public final class Planner {
  private Planner() {}

  /**
   * Plans all ports of a Service, in both families. What it asks for:
   *
   * <ul>
   *   <li>A virtual service for each of its cluster IPs, external IPs and load balancer IPs, of the
   *       families it has cluster IPs of, and for a node port on each node address. All VIPs but
   *       those that are addresses of the node itself are made local to it.
   *   <li>Behind a cluster IP: endpoints of the whole cluster, or with {@code
   *       internalTrafficPolicy: Local} those of this node. If there are only others, nobody is
   *       behind it and new connections are dropped.
   *   <li>Behind everything else: endpoints of the whole cluster, or with {@code
   *       externalTrafficPolicy: Local} those of this node. If there are only others, they are
   *       behind it for pods and for the node itself, and new connections from outside are dropped.
   *   <li>Without any endpoint a virtual service without servers, for which the kernel refuses at
   *       once (ICMP port unreachable).
   * </ul>
   *
   * @param slices all of the Service's slices, in any order
   */
  public static ServicePlan plan(
      Service service, Collection<EndpointSlice> slices, PlanContext context) {
    return new ServicePlanner(service, slices, context).plan();
  }
}
