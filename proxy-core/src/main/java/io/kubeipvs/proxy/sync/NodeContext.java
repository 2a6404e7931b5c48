package io.kubeipvs.proxy.sync;

import io.kubeipvs.ipvs.Scheduler;
import io.kubeipvs.net.IpAddress;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.NodeAddresses;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.PlanContext;
import io.kubeipvs.proxy.plan.PlanSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * What is known of this node: what its object tells, what its devices have, and what its kernel
 * lacks. Changed by the sync thread only; others may read {@link #plan}.
 */
final class NodeContext {
  private final List<IpPrefix> nodePortRanges;
  private final boolean nodePortsOnPrimary;
  private volatile PlanContext plan;
  private boolean told;

  /**
   * @param nodePortRanges {@code --nodeport-addresses}
   * @param nodePortsOnPrimary whether they include the node's own addresses
   */
  NodeContext(
      NodeInfo initial,
      PlanSettings settings,
      List<IpPrefix> nodePortRanges,
      boolean nodePortsOnPrimary) {
    this.nodePortRanges = List.copyOf(nodePortRanges);
    this.nodePortsOnPrimary = nodePortsOnPrimary;
    this.plan = new PlanContext(initial, NodeAddresses.NONE, settings);
  }

  /** What plans depend on. */
  PlanContext plan() {
    return plan;
  }

  NodeInfo node() {
    return plan.node();
  }

  /** Its object says so. Whether anything that plans depend on is different now. */
  boolean tell(NodeInfo node) {
    told = true;
    return adopt(node);
  }

  /** The node's devices have these addresses; as {@link #tell}. */
  boolean see(List<IpAddress> onDevices) {
    boolean otherNode = !told && adopt(NodeInfo.guessed(node().name(), onDevices));
    NodeAddresses chosen = NodeAddresses.choose(onDevices, nodePortRanges());
    if (chosen.equals(plan.addresses())) {
      return otherNode;
    }
    plan = new PlanContext(node(), chosen, plan.settings());
    return true;
  }

  private boolean adopt(NodeInfo node) {
    if (node.equals(node())) {
      return false;
    }
    plan = new PlanContext(node, plan.addresses(), plan.settings());
    return true;
  }

  /** {@code --nodeport-addresses}, with {@code primary} replaced by the node's own addresses. */
  List<IpPrefix> nodePortRanges() {
    if (!nodePortsOnPrimary) {
      return nodePortRanges;
    }
    List<IpPrefix> ranges = new ArrayList<>(nodePortRanges);
    node().addresses().forEach(address -> ranges.add(IpPrefix.host(address)));
    return ranges;
  }

  /** The kernel does not offer that scheduler. */
  void refuse(Scheduler scheduler) {
    plan = new PlanContext(node(), plan.addresses(), plan.settings().without(scheduler));
  }
}
