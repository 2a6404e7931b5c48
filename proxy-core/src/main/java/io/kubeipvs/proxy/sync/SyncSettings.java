package io.kubeipvs.proxy.sync;

import io.kubeipvs.net.AddressFamily;
import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.diff.DiffSettings;
import io.kubeipvs.proxy.diff.Ground;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.PlanSettings;
import java.util.List;
import java.util.Set;

/**
 * What the loop is told at its start.
 *
 * @param families those this node can serve; Services have nothing in others
 * @param ground what Services stand on; may depend on the node
 * @param nodePortRanges {@code --nodeport-addresses}; none means all addresses
 * @param nodePortsOnPrimary {@code --nodeport-addresses=primary}: the node's own addresses only
 */
public record SyncSettings(
    NodeInfo initialNode,
    Set<AddressFamily> families,
    PlanSettings plan,
    NodeDependent<Ground> ground,
    NodeDependent<DiffSettings> diff,
    List<IpPrefix> nodePortRanges,
    boolean nodePortsOnPrimary) {

  /** A value that depends on what is known of the node. */
  @FunctionalInterface
  public interface NodeDependent<T> {
    T of(NodeInfo node);
  }
}
