package io.kubeipvs.proxy.sync;

import io.kubeipvs.net.IpPrefix;
import io.kubeipvs.proxy.model.NodeInfo;
import io.kubeipvs.proxy.plan.RuleSettings;
import io.kubeipvs.proxy.plan.iptables.IptablesSettings;
import java.util.List;

/**
 * What the loop of iptables mode is told at its start.
 *
 * @param rules may depend on the node
 * @param localhostNodePorts {@code --iptables-localhost-nodeports}
 * @param dropInvalid as in {@link IptablesSettings}
 * @param nodePortRanges {@code --nodeport-addresses}; none means all addresses
 * @param nodePortsOnPrimary {@code --nodeport-addresses=primary}: the node's own addresses only
 */
public record IptablesModeSettings(
    NodeInfo initialNode,
    SyncSettings.NodeDependent<RuleSettings> rules,
    boolean localhostNodePorts,
    boolean dropInvalid,
    List<IpPrefix> nodePortRanges,
    boolean nodePortsOnPrimary) {
  public IptablesModeSettings {
    nodePortRanges = List.copyOf(nodePortRanges);
  }

  /**
   * Once something is known of the node.
   *
   * @param ranges those for node ports, with the node's own addresses among them where asked for
   */
  IptablesSettings of(NodeInfo node, List<IpPrefix> ranges) {
    return new IptablesSettings(rules.of(node), localhostNodePorts, dropInvalid, ranges);
  }
}
