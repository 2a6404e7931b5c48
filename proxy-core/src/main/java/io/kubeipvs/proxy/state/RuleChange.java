package io.kubeipvs.proxy.state;

import io.kubeipvs.iptables.Restore;
import io.kubeipvs.netlink.conntrack.FlowFilter;
import java.util.List;

/**
 * What a change of some Services means for the kernel in iptables mode.
 *
 * @param forgotten flows that still go the old way when the rules are there; they are deleted after
 */
public record RuleChange(Restore restore, List<FlowFilter> forgotten) {
  public RuleChange {
    forgotten = List.copyOf(forgotten);
  }
}
