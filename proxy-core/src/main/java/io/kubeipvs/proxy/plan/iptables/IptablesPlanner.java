package io.kubeipvs.proxy.plan.iptables;

import io.kubeipvs.iptables.RuleSet;
import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.proxy.model.EndpointSlice;
import io.kubeipvs.proxy.model.Service;
import io.kubeipvs.proxy.plan.PlanContext;
import java.util.Collection;

/**
 * From Services to rules, for nodes without IPVS. Functions of their arguments; chains, names and
 * meaning are kube-proxy's, so that its state can be taken over and read by those who know it, but
 * for this:
 *
 * <ul>
 *   <li>Of Services that want the same address or node port the oldest has it, not the one whose
 *       rule happens to stand first.
 *   <li>An external IP that is also the Service's load balancer IP is restricted as that.
 *   <li>Source ranges are in order; one of length 0 means everybody, one that cannot be read
 *       nobody.
 *   <li>Rules keep their comments however many endpoints there are.
 *   <li>No counters of {@code nfacct}, which few kernels have.
 * </ul>
 */
public final class IptablesPlanner {
  private IptablesPlanner() {}

  /**
   * Plans all ports of a Service in one family. What it asks for:
   *
   * <ul>
   *   <li>A rule for each way in (cluster IP, external IP, load balancer IP, node port) that leads
   *       to the Service's chains, which choose an endpoint by chance or by affinity.
   *   <li>Behind a cluster IP: endpoints of the whole cluster, or with {@code
   *       internalTrafficPolicy: Local} those of this node.
   *   <li>Behind everything else: endpoints of the whole cluster, or with {@code
   *       externalTrafficPolicy: Local} those of this node; pods and the node itself reach the
   *       whole cluster that way too.
   *   <li>Where nobody serves, a rule that drops if there are endpoints elsewhere, and refuses
   *       (ICMP port unreachable) if there are none.
   * </ul>
   *
   * @param slices all of the Service's slices, in any order
   */
  public static ServiceRules plan(
      Service service,
      AddressFamily family,
      Collection<EndpointSlice> slices,
      PlanContext context,
      IptablesSettings settings) {
    return new ServiceRulePlanner(service, family, slices, context, settings).plan();
  }

  /** The rules that are there whatever Services there are, and the chains Services share. */
  public static RuleSet constants(
      AddressFamily family, PlanContext context, IptablesSettings settings) {
    return new ConstantRules(family, context, settings).plan();
  }
}
